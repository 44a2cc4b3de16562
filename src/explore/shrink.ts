import { countDeviations, isSimpler, trimmed } from './failures.ts';

/** The outcome of one attempt. */
export interface Attempt {
  /** The choices that the run made. */
  readonly choices: readonly number[];
  /** Whether the run still shows the failure. */
  readonly shows: boolean;
}

/** The shortest list found. */
export interface ShrinkResult {
  readonly choices: readonly number[];
  /** Number of runs. */
  readonly attempts: number;
}

/**
 * Minimises a run that shows a failure: tries shorter lists and smaller numbers. As in Hypothesis, it works on the choices and
 * not on what is generated from them, so one algorithm minimises trees, messages and schedules.
 * @param attempt makes the run of a list; missing choices are 0
 * @param most    maximum number of runs
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

  /** Tries a change on chunks of half the list, a quarter and so on, each time from the end. */
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

/** The length of a run as text: `3 choices`, or `the default run`. */
export function lengthOf(choices: readonly number[]): string {
  const count = countDeviations(choices);
  return count === 0 ? 'the default run' : `${count} choice${count === 1 ? '' : 's'}`;
}
