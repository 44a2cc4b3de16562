import { countDeviations, isSimpler, trimmed } from './failures.ts';

/** What a list of choices led to: those that were really made, and whether it still shows what it is to show. */
export interface Attempt {
  readonly choices: readonly number[];
  readonly shows: boolean;
}

export interface ShrinkResult {
  readonly choices: readonly number[];
  /** How many runs it took. */
  readonly attempts: number;
}

/**
 * Makes a run that shows something as short as can be, by trying lists of choices that are shorter or smaller: as
 * Hypothesis does it, on the choices and not on what is made of them, so that trees, messages and turns of threads shrink
 * alike.
 * @param attempt runs a list; choices it lacks are the plain ones
 * @param most    runs to spend
 */
export async function shrink(
  choices: readonly number[],
  attempt: (choices: readonly number[]) => Attempt | Promise<Attempt>,
  most = 500,
): Promise<ShrinkResult> {
  let best = trimmed(choices);
  let attempts = 0;
  const tried = new Set<string>([best.join()]);

  async function better(candidate: readonly number[]): Promise<boolean> {
    const key = trimmed(candidate).join();
    if (attempts >= most || tried.has(key) || !isSimpler(trimmed(candidate), best)) return false;
    tried.add(key);
    attempts++;
    const { choices: made, shows } = await attempt(candidate);
    if (!shows) return false;
    best = isSimpler(trimmed(made), trimmed(candidate)) ? trimmed(made) : trimmed(candidate);
    return true;
  }

  for (let before = -1; before !== attempts && attempts < most; ) {
    before = attempts;
    await cutEnd();
    await eachChunk((at, length) => best.toSpliced(at, length));
    await eachChunk((at, length) => best.with(at, 0).fill(0, at, at + length));
    await lower();
  }
  return { choices: best, attempts };

  async function cutEnd(): Promise<void> {
    for (let keep = 0; keep < best.length; keep = keep === 0 ? 1 : keep * 2) {
      if (await better(best.slice(0, keep))) return;
    }
  }

  /** Tries something on ever smaller chunks, from the end. */
  async function eachChunk(change: (at: number, length: number) => readonly number[]): Promise<void> {
    for (let length = best.length >> 1 || 1; ; length >>= 1) {
      for (let at = best.length - length; at >= 0 && attempts < most; at -= length) {
        if (at < best.length) await better(change(at, Math.min(length, best.length - at)));
      }
      if (length <= 1) return;
    }
  }

  async function lower(): Promise<void> {
    for (let at = 0; at < best.length && attempts < most; at++) {
      let low = -1;
      for (let high = best[at] ?? 0; high - low > 1; high = Math.min(high, best[at] ?? 0)) {
        const middle = (low + high) >> 1;
        if (await better(best.with(at, middle))) high = middle;
        else low = middle;
      }
    }
  }
}

/** For people: `3 choices`. */
export function lengthOf(choices: readonly number[]): string {
  const count = countDeviations(choices);
  return count === 0 ? 'the plain run' : `${count} choice${count === 1 ? '' : 's'}`;
}
