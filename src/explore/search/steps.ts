import { conflict, type Footprint, frees } from './footprint.ts';

/** A step that a thread took. */
export interface Step<Place> {
  readonly thread: number;
  readonly footprint: Footprint;
  /** Where it was picked; absent where the thread had no rival. */
  readonly from?: Place | undefined;
}

/** For each thread, the number of its last step that had to come before. */
type Past = ReadonlyMap<number, number>;

/**
 * Called for a place where, with another outcome, a step might have come first that came later. What leads to that step
 * without the one that was taken there can begin with any of some threads; to try one of them is enough.
 */
type OnRace<Place> = (from: Place, firsts: readonly number[]) => void;

/**
 * The steps of a run in order, and which of them race: they conflict, and nothing that was done between them orders them
 * (happens-before: Lamport 1978).
 *
 * Runs share their beginning. Steps that are known from the run before are passed over when they come again.
 */
export class Steps<Place> {
  readonly #steps: (Step<Place> & { readonly past: Past })[] = [];
  #next = 0;

  /** Number of the next step, from 0. */
  get number(): number {
    return this.#next;
  }

  /** From this step on the next run is another. */
  forgetFrom(number: number): void {
    this.#steps.length = Math.min(this.#steps.length, number);
  }

  restart(): void {
    this.#next = 0;
  }

  /** What the next step touches, if it is known from the run before. */
  get known(): Footprint | undefined {
    return this.#steps[this.#next]?.footprint;
  }

  /** Passes over a step that is known. */
  pass(): void {
    this.#next++;
  }

  /** Adds a step that is not known. */
  add(step: Step<Place>, onRace: OnRace<Place>): void {
    this.#steps.push({ ...step, past: this.race(step, onRace) });
    this.#next++;
  }

  /** Finds the steps so far that race with one. @returns what has to come before it */
  race({ thread, footprint }: Step<Place>, onRace: OnRace<Place>): Past {
    const own = this.#steps.findLastIndex((step, at) => step.thread === thread && at < this.#next);
    const past = new Map(this.#steps[own]?.past);
    if (own >= 0) past.set(thread, own);
    // What came before a step that races with this one need not be turned around with it: that is for later runs.
    const hidden = new Map(past);
    const races: number[] = [];
    // Whoever let go of what this step takes cannot have done so after it, nor anything before that since it took it.
    const holding = new Map<number, Footprint>();
    for (let at = this.#next - 1; at >= 0; at--) {
      const earlier = this.#steps[at];
      if (!earlier || earlier.thread === thread || at <= (hidden.get(earlier.thread) ?? -1)) continue;
      const held = holding.get(earlier.thread);
      if (held) {
        if (!frees(held, earlier.footprint)) continue;
        holding.delete(earlier.thread);
      } else if (frees(earlier.footprint, footprint) && !frees(earlier.footprint, earlier.footprint)) {
        holding.set(earlier.thread, earlier.footprint);
        latest(past, earlier, at);
        continue;
      } else if (!conflict(earlier.footprint, footprint)) continue;
      latest(past, earlier, at);
      races.push(at);
      latest(hidden, earlier, at);
    }
    for (const at of races) {
      const from = this.#steps[at]?.from;
      if (from !== undefined) onRace(from, this.#firsts(at, thread, past));
    }
    return past;
  }

  /**
   * Threads that can go first where a step was taken, on the way to the next step of a thread without it: those whose first
   * step of all that need not come after it needs none of the others before it (the initials of source sets: Abdulla,
   * Aronis, Jonsson and Sagonas, POPL 2014).
   */
  #firsts(at: number, thread: number, past: Past): readonly number[] {
    const without = this.#steps[at]?.thread ?? -1;
    const way: { readonly thread: number; readonly number: number }[] = [];
    const firsts: number[] = [];
    const seen = new Set<number>();
    const consider = (each: number, before: Past) => {
      if (!seen.has(each) && !way.some((one) => one.number <= (before.get(one.thread) ?? -1)))
        firsts.push(each);
      seen.add(each);
    };
    for (let number = at + 1; number < this.#next; number++) {
      const step = this.#steps[number];
      if (!step || (step.past.get(without) ?? -1) >= at) continue;
      consider(step.thread, step.past);
      way.push({ thread: step.thread, number });
    }
    consider(thread, past);
    return firsts;
  }
}

/** Adds a step, and what had to come before it, to the last steps that had to come before another. */
function latest(
  past: Map<number, number>,
  step: { readonly thread: number; readonly past: Past },
  at: number,
): void {
  for (const [thread, number] of step.past) if (number > (past.get(thread) ?? -1)) past.set(thread, number);
  if (at > (past.get(step.thread) ?? -1)) past.set(step.thread, at);
}
