import { InputError } from '../base/index.ts';
import type { GuestMemory } from './memory.ts';
import type { Rtas, RtasCall } from './rtas.ts';
import { viewOf, wordAt } from './work-area.ts';

/**
 * Words of arguments and results together, at most. The argument block of an RTAS call is the words token, nargs, nret,
 * then nargs arguments and nret results, all 32-bit big-endian whatever the byte order of the partition (LoPAR 7.2.7;
 * `struct rtas_args` of Linux has an array of 16 words). What Linux keeps after the 16th word is private.
 */
export const MAX_WORDS = 16;

const HEADER_SIZE = 12;

/** Bytes of the largest block; that many bytes are enough to decode any block. */
export const ARGUMENT_BLOCK_SIZE = HEADER_SIZE + 4 * MAX_WORDS;

/** A call with its results. Before the call returns, the results are whatever the caller left there. */
export interface ArgumentBlock extends RtasCall {
  /** `nret` words; the first is the status, signed, the others are unsigned. */
  readonly rets: readonly number[];
}

/**
 * Writes a block.
 * @param rets results, at most `call.nret`; missing ones are zero
 * @throws RangeError for more than 16 arguments and results, or more results than `nret`
 */
export function encodeArgumentBlock(call: RtasCall, rets: readonly number[] = []): Uint8Array {
  const { token, args, nret } = call;
  if (args.length + nret > MAX_WORDS || rets.length > nret) {
    throw new RangeError(`${args.length} arguments and ${nret} results do not fit an argument block`);
  }
  const bytes = new Uint8Array(HEADER_SIZE + 4 * (args.length + nret));
  const view = viewOf(bytes);
  view.setUint32(0, token);
  view.setUint32(4, args.length);
  view.setUint32(8, nret);
  for (const [index, word] of args.entries()) view.setUint32(HEADER_SIZE + 4 * index, word);
  for (const [index, word] of rets.entries()) view.setUint32(HEADER_SIZE + 4 * (args.length + index), word);
  return bytes;
}

/**
 * Reads a block.
 * @param bytes the block, and any bytes after it
 * @throws InputError with the offset if the counts are out of bounds or the block is cut short
 */
export function decodeArgumentBlock(bytes: Uint8Array): ArgumentBlock {
  const view = viewOf(bytes);
  const { token, nargs, nret } = decodeHeader(view);
  const size = HEADER_SIZE + 4 * (nargs + nret);
  if (bytes.length < size) {
    throw new InputError(`argument block of ${size} bytes is cut short`, { offset: bytes.length });
  }
  const words: number[] = [];
  for (let at = HEADER_SIZE; at < size; at += 4) words.push(view.getUint32(at));
  const rets = words.splice(nargs);
  if (rets[0] !== undefined) rets[0] |= 0;
  return { token, args: words, nret, rets };
}

/**
 * The RTAS entry point: reads the block at an address, executes the call, writes the results after the arguments.
 * The modelled kernel calls this instead of `linux,rtas-entry`; the lab calls it when a real kernel is trapped there (r3
 * is the address).
 *
 * @returns the call and its results
 * @throws InputError if the block is malformed; nothing is written
 * @throws RangeError if there is no memory at the address
 */
export function enterRtas(
  rtas: Rtas,
  memory: GuestMemory,
  address: number,
): { readonly call: RtasCall; readonly rets: readonly number[] } {
  const header = memory.read(address, HEADER_SIZE);
  const token = wordAt(header, 0);
  const { nargs, nret } = checkCounts(wordAt(header, 4), wordAt(header, 8));
  const block = memory.read(address, HEADER_SIZE + 4 * nargs);
  const args = new Array<number>(nargs);
  for (let index = 0; index < nargs; index++) args[index] = wordAt(block, HEADER_SIZE + 4 * index);
  const call = { token, args, nret };
  const rets = rtas.call(call, memory);
  const bytes = rets.length === 1 ? oneResult : new Uint8Array(4 * rets.length);
  for (let index = 0; index < rets.length; index++) putWord(bytes, 4 * index, rets[index] ?? 0);
  memory.write(address + HEADER_SIZE + 4 * nargs, bytes);
  return { call, rets };
}

/** Reused, because most calls have one result; `GuestMemory.write` copies. */
const oneResult = new Uint8Array(4);

function decodeHeader(view: DataView): { token: number; nargs: number; nret: number } {
  if (view.byteLength < HEADER_SIZE) {
    throw new InputError('argument block without its first three words', { offset: view.byteLength });
  }
  return { token: view.getUint32(0), ...checkCounts(view.getUint32(4), view.getUint32(8)) };
}

function checkCounts(nargs: number, nret: number): { nargs: number; nret: number } {
  if (nargs > MAX_WORDS) throw new InputError(`${nargs} arguments are more than ${MAX_WORDS}`, { offset: 4 });
  if (nargs + nret > MAX_WORDS) {
    throw new InputError(`${nargs} arguments and ${nret} results are more than ${MAX_WORDS}`, { offset: 8 });
  }
  return { nargs, nret };
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
