import { EnvironmentError } from '../../base/index.ts';

/**
 * What stands at the RTAS entry of our servers: calls of functions that the firmware answers ring a bell and wait; others
 * go on to QEMU. RTAS is firmware's own code, the kernel is not touched.
 *
 * A breakpoint at the entry would do as well, but at each QEMU throws away all code that it has translated, which makes a
 * call 30 times as dear. It runs as RTAS does: 32-bit, big-endian, real mode; r3 is the address of the argument block, lr the
 * way back; r0 and r3 to r12 are its own.
 *
 * The mailbox is two words: the argument block's address, and `called` or `answered`.
 */
export interface RtasStub {
  /** Physical address and code of the stub. */
  readonly address: number;
  readonly code: Buffer;
  /** What goes in place of the entry's first instruction. */
  readonly entry: Buffer;
}

/** Where the mailbox lies, by the RTAS entry. */
export const mailboxAddress = (rtasEntry: number) => rtasEntry + MAILBOX_OFFSET;
export const CALLED = 1;
export const ANSWERED = 2;

/**
 * QEMU's own part of the RTAS area (`rtas-size`) ends before 0xc00; the area has 4 KiB on kernels with pages of 4 KiB, 64 on
 * others.
 */
const STUB_OFFSET = 0xc00;
const MAILBOX_OFFSET = 0xf00;
const H_PUT_TERM_CHAR = 0x58;

/**
 * @param rtasEntry   physical address
 * @param instruction the first one at the entry
 * @param tokens      of the functions that ring
 * @param bell        unit address of the virtual terminal that rings at the host
 */
export function assembleStub(
  rtasEntry: number,
  instruction: number,
  tokens: readonly number[],
  bell: number,
): RtasStub {
  const opcode = instruction >>> 26;
  if (opcode === 16 || opcode === 18)
    throw new EnvironmentError('the RTAS entry of this QEMU starts with a branch');
  const address = rtasEntry + STUB_OFFSET;
  const perToken = 4;
  const fallThrough = 2;
  const ring = 1 + perToken * tokens.length + fallThrough;
  const words = [
    lwz(5, 3, 0), // the token
    ...tokens.flatMap((token, index) => [
      ...load(6, token),
      cmplw(5, 6),
      beq(4 * (ring - (1 + perToken * index + 3))),
    ]),
    instruction,
    branch(rtasEntry + 4 - (address + 4 * (ring - 1))),
    ...load(8, mailboxAddress(rtasEntry)),
    stw(3, 8, 0),
    li(9, CALLED),
    stw(9, 8, 4),
    li(3, H_PUT_TERM_CHAR),
    ...load(4, bell),
    li(5, 1),
    li(6, 0),
    SC1,
    ...load(8, mailboxAddress(rtasEntry)),
    lwz(9, 8, 4),
    cmplwi(9, ANSWERED),
    bne(-8),
    BLR,
  ];
  if (4 * words.length > MAILBOX_OFFSET - STUB_OFFSET)
    throw new EnvironmentError('too many functions for the RTAS area');
  const code = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) code.writeUInt32BE(word >>> 0, 4 * index);
  const entry = Buffer.alloc(4);
  entry.writeUInt32BE(branch(STUB_OFFSET) >>> 0);
  return { address, code, entry };
}

// Instructions (Power ISA 3.0B, book I).
const dForm = (opcode: number, one: number, two: number, low: number) =>
  (opcode << 26) | (one << 21) | (two << 16) | (low & 0xffff);
const lwz = (target: number, base: number, offset: number) => dForm(32, target, base, offset);
const stw = (source: number, base: number, offset: number) => dForm(36, source, base, offset);
const li = (target: number, value: number) => dForm(14, target, 0, value);
const load = (target: number, value: number) => [
  dForm(15, target, 0, value >>> 16), // lis
  dForm(24, target, target, value), // ori
];
const cmplw = (one: number, other: number) => (31 << 26) | (one << 16) | (other << 11) | (32 << 1);
const cmplwi = (register: number, value: number) => dForm(10, 0, register, value);
const beq = (distance: number) => dForm(16, 12, 2, distance & 0xfffc);
const bne = (distance: number) => dForm(16, 4, 2, distance & 0xfffc);
const branch = (distance: number) => (18 << 26) | (distance & 0x3fffffc);
const SC1 = 0x44000022;
const BLR = 0x4e800020;
