import { expect, test } from 'vitest';
import { assembleStub, mailboxAddress } from '../../../src/lab/traps/rtas-stub.ts';

const entry = 0x2fff_0000;
const moveR4R3 = 0x7c641b78;
const doorbell = 0x3000_2000;

interface Ran {
  /** `returned`: to the caller. `to QEMU`: at the entry's second instruction. `waits`: it did not return. */
  readonly left: 'returned' | 'to QEMU' | 'waits';
  /** r3 to r6 of each hypervisor call. */
  readonly hcalls: readonly (readonly number[])[];
  readonly r4: number | undefined;
}

/** Runs the stub for a token, on an emulated CPU of few instructions. The mailbox is `ANSWERED` after `looks` loads. */
function run(token: number, memory: Map<number, number>, looks = 3): Ran {
  const { address, code, entry: first } = assembleStub(entry, moveR4R3, [0x3002, 0x1_202a], doorbell);
  for (let at = 0; at < code.length; at += 4) memory.set(address + at, code.readUInt32BE(at));
  memory.set(entry, first.readUInt32BE());
  const block = 0x26d_0000;
  memory.set(block, token);
  const r = new Array<number>(32).fill(0);
  r[3] = block;
  const hcalls: number[][] = [];
  let equal = false;
  let waited = 0;
  let pc = entry;
  for (let steps = 0; steps < 200; steps++) {
    if (pc === entry + 4) return { left: 'to QEMU', hcalls, r4: r[4] };
    const word = memory.get(pc) ?? 0;
    const [opcode, target, base, low] = [word >>> 26, (word >>> 21) & 31, (word >>> 16) & 31, word & 0xffff];
    const signed = (low << 16) >> 16;
    const value = (number: number) => r[number] ?? 0;
    pc += 4;
    if (word === 0x4e80_0020) return { left: 'returned', hcalls, r4: r[4] };
    if (word === 0x4400_0022) hcalls.push(r.slice(3, 7));
    else if (word === moveR4R3) r[4] = value(3);
    else if (opcode === 32) {
      const from = value(base) + signed;
      if (from === mailboxAddress(entry) + 4 && ++waited > looks) memory.set(from, 2);
      r[target] = memory.get(from) ?? 0;
    } else if (opcode === 36) memory.set(value(base) + signed, value(target));
    else if (opcode === 14) r[target] = signed;
    else if (opcode === 15) r[target] = (low << 16) >>> 0;
    else if (opcode === 24) r[base] = (value(target) | low) >>> 0;
    else if (opcode === 31) equal = value(base) === value((word >>> 11) & 31);
    else if (opcode === 10) equal = value(base) === low;
    else if (opcode === 16) pc = equal === (target === 12) ? pc - 4 + signed : pc;
    else if (opcode === 18) pc += (((word & 0x3ff_fffc) << 6) >> 6) - 4;
    else throw new Error(`instruction ${word.toString(16)}`);
  }
  return { left: 'waits', hcalls, r4: r[4] };
}

for (const token of [0x3002, 0x1_202a]) {
  test(`a call of token 0x${token.toString(16)} signals the doorbell and waits for its answer`, () => {
    const memory = new Map<number, number>();
    expect(run(token, memory)).toMatchObject({ left: 'returned', hcalls: [[0x58, doorbell, 1, 0]] });
    expect(memory.get(mailboxAddress(entry))).toBe(0x26d_0000);
    expect(run(token, new Map(), Number.POSITIVE_INFINITY).left).toBe('waits');
  });
}

test('other calls continue to QEMU unchanged', () => {
  const memory = new Map<number, number>();
  expect(run(0x2008, memory)).toEqual({ left: 'to QEMU', hcalls: [], r4: 0x26d_0000 });
  expect(memory.has(mailboxAddress(entry))).toBe(false);
});

test('an entry that cannot be moved, or too many functions, is an error', () => {
  expect(() => assembleStub(entry, 0x4800_0010, [0x3002], doorbell)).toThrow('branch');
  const many = Array.from({ length: 100 }, (_, index) => index);
  expect(() => assembleStub(entry, moveR4R3, many, doorbell)).toThrow('too many');
});
