const { TRANSPLANT_FUZZ = '2000' } = process.env;

/**
 * How many mutated inputs each fuzz test takes. Blobs, sources and work areas are one test each; TRANSPLANT_FUZZ sets
 * the count of each of them.
 */
export const FUZZ_COUNT = Number(TRANSPLANT_FUZZ);

export interface Mutant {
  readonly bytes: Uint8Array;
  /** How to get it again: which original, and what was done to it. */
  readonly history: string;
}

/** Whole numbers below a bound, the same ones for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

// Lengths, offsets and tags that have broken parsers: sign bits, wrap-around, off by one, FDT's own tags and magic.
const WORDS = [
  0, 1, 2, 3, 4, 7, 8, 9, 0x10, 0x11, 0x7f, 0xff, 0xffff, 0x10000, 0x7ffffffc, 0x7fffffff, 0x80000000,
  0xd00dfeed, 0xfffffffc, 0xfffffffe, 0xffffffff,
];

type Pick = (below: number) => number;
type Mutation = (bytes: Uint8Array, pick: Pick, all: readonly Uint8Array[]) => Uint8Array;

const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flip(bytes, pick) {
    const copy = bytes.slice();
    const at = pick(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << pick(8));
    return copy;
  },
  byte(bytes, pick) {
    const copy = bytes.slice();
    copy[pick(copy.length)] = pick(256);
    return copy;
  },
  word(bytes, pick) {
    if (bytes.length < 4) return bytes;
    const copy = bytes.slice();
    // A third of them hit the first 40 bytes, where a blob's header and a work area's head are.
    const reach = pick(3) === 0 ? Math.min(40, copy.length) : copy.length;
    const at = (pick(Math.max(1, reach - 3)) >>> 2) << 2;
    new DataView(copy.buffer).setUint32(at, WORDS[pick(WORDS.length)] ?? 0);
    return copy;
  },
  truncate: (bytes, pick) => bytes.slice(0, pick(bytes.length)),
  insert(bytes, pick) {
    const at = pick(bytes.length + 1);
    const extra = Uint8Array.from({ length: 1 + pick(8) }, () => pick(256));
    return concat(bytes.subarray(0, at), extra, bytes.subarray(at));
  },
  remove(bytes, pick) {
    const at = pick(bytes.length);
    return concat(bytes.subarray(0, at), bytes.subarray(at + 1 + pick(8)));
  },
  repeat(bytes, pick) {
    const from = pick(bytes.length);
    const part = bytes.subarray(from, from + 1 + pick(64));
    const at = pick(bytes.length);
    return concat(bytes.subarray(0, at), part, bytes.subarray(at));
  },
  splice(bytes, pick, all) {
    const other = all[pick(all.length)] ?? bytes;
    return concat(bytes.subarray(0, pick(bytes.length + 1)), other.subarray(pick(other.length + 1)));
  },
};

const KINDS = Object.keys(MUTATIONS);

/** `count` mutants of the originals, one to four mutations each; the same ones for the same seed. */
export function* mutants(originals: readonly Uint8Array[], count: number, seed: number): Generator<Mutant> {
  const pick = random(seed);
  for (let index = 0; index < count; index += 1) {
    const which = pick(originals.length);
    let bytes = originals[which] ?? new Uint8Array(0);
    let history = `mutant ${index} of seed ${seed}: original ${which}`;
    for (let steps = 1 + pick(4); steps > 0 && bytes.length > 0; steps -= 1) {
      const kind = KINDS[pick(KINDS.length)] ?? '';
      bytes = MUTATIONS[kind]?.(bytes, pick, originals) ?? bytes;
      history += `, ${kind}`;
    }
    yield { bytes, history };
  }
}
