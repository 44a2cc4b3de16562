import { EnvironmentError } from '../../base/index.ts';

/**
 * Code at the guest's RTAS entry. A call of a function that the firmware answers signals the doorbell and waits; any other call
 * continues to QEMU. RTAS is firmware code, so the kernel does not change.
 *
 * A breakpoint at the entry would make calls 30× slower, because QEMU discards all translated code at each breakpoint.
 *
 * The stub runs as RTAS does: 32-bit, big-endian, real mode. r3 is the physical address of the argument block, lr the return
 * address; r0 and r3 to r12 may be changed. Its mailbox consists of two words: the address of the argument block, and the state
 * `CALLED` or `ANSWERED`.
 */
export interface RtasStub {
  /** Physical address of the stub. */
  readonly address: number;
  readonly code: Buffer;
  /** The instruction that replaces the first one at the RTAS entry. */
  readonly entry: Buffer;
}

/** Physical address of the mailbox. */
export const mailboxAddress = (rtasEntry: number) => rtasEntry + MAILBOX_OFFSET;
/** State of the mailbox: a call waits. */
export const CALLED = 1;
/** State of the mailbox: the call may return. */
export const ANSWERED = 2;

/** QEMU's code in the RTAS area (`rtas-size`) ends before 0xc00. The area has at least 4 KiB, the kernel's page size. */
const STUB_OFFSET = 0xc00;
const MAILBOX_OFFSET = 0xf00;
const H_PUT_TERM_CHAR = 0x58;

/**
 * Assembles the stub.
 * @param rtasEntry   physical address of the RTAS entry
 * @param instruction the first instruction there, which the stub executes in its place
 * @param tokens      RTAS tokens of the functions that the firmware answers
 * @param doorbell    unit address of the virtual terminal that serves as doorbell
 * @throws EnvironmentError when that instruction cannot be moved, or there are too many functions
 */
export function assembleStub(
  rtasEntry: number,
  instruction: number,
  tokens: readonly number[],
  doorbell: number,
): RtasStub {
  const opcode = instruction >>> 26;
  if (opcode === 16 || opcode === 18)
    throw new EnvironmentError('the RTAS entry of this QEMU starts with a branch, which cannot be moved');
  const address = rtasEntry + STUB_OFFSET;
  const perToken = 4;
  const fallThrough = 2;
  const call = 1 + perToken * tokens.length + fallThrough;
  const words = [
    lwz(5, 3, 0), // the token
    ...tokens.flatMap((token, index) => [
      ...load(6, token),
      cmplw(5, 6),
      beq(4 * (call - (1 + perToken * index + 3))),
    ]),
    instruction,
    branch(rtasEntry + 4 - (address + 4 * (call - 1))),
    ...load(8, mailboxAddress(rtasEntry)),
    stw(3, 8, 0),
    li(9, CALLED),
    stw(9, 8, 4),
    li(3, H_PUT_TERM_CHAR),
    ...load(4, doorbell),
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
    throw new EnvironmentError(
      `too many RTAS functions: the stub has ${4 * words.length} bytes, the RTAS area has room for ${MAILBOX_OFFSET - STUB_OFFSET}`,
    );
  const code = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) code.writeUInt32BE(word >>> 0, 4 * index);
  const entry = Buffer.alloc(4);
  entry.writeUInt32BE(branch(STUB_OFFSET) >>> 0);
  return { address, code, entry };
}

// Encodings of instructions (Power ISA 3.0B, book I).
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
