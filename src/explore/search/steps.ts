import { conflict, type Footprint, frees } from './footprint.ts';

/** A step that a thread took. */
export interface Step<Place> {
  readonly thread: number;
  readonly footprint: Footprint;
  /** The point at which it was picked; absent when no other thread could continue. */
  readonly from?: Place | undefined;
}

/** For each thread, the number of its last step that happens before. */
type Past = ReadonlyMap<number, number>;

/**
 * Called for a race: a later step could have come before the step that was picked at a point. The threads are those that can
 * lead to the later step without the picked one; it is enough to try one of them.
 */
type OnRace<Place> = (from: Place, firsts: readonly number[]) => void;

/**
 * The steps of a run in order, and which of them race: they conflict, and no step between them orders them (happens-before:
 * Lamport 1978).
 *
 * A run shares its first steps with the previous run. These are not added again.
 */
export class Steps<Place> {
  readonly #steps: (Step<Place> & { readonly past: Past })[] = [];
  #next = 0;

  /** Number of the next step, from 0. */
  get number(): number {
    return this.#next;
  }

  /** Drops the steps from a number on: there the next run differs. */
  forgetFrom(number: number): void {
    this.#steps.length = Math.min(this.#steps.length, number);
  }

  restart(): void {
    this.#next = 0;
  }

  /** The footprint of the next step, if the previous run shares it. */
  get known(): Footprint | undefined {
    return this.#steps[this.#next]?.footprint;
  }

  /** Advances over a step that the previous run shares. */
  pass(): void {
    this.#next++;
  }

  /** Adds a step, and reports its races. */
  add(step: Step<Place>, onRace: OnRace<Place>): void {
    this.#steps.push({ ...step, past: this.race(step, onRace) });
    this.#next++;
  }

  /** Reports the earlier steps that race with a step. @returns the steps that happen before it */
  race({ thread, footprint }: Step<Place>, onRace: OnRace<Place>): Past {
    const own = this.#steps.findLastIndex((step, at) => step.thread === thread && at < this.#next);
    const past = new Map(this.#steps[own]?.past);
    if (own >= 0) past.set(thread, own);
    // Steps that happen before a racing step are not reversed now; later runs do that.
    const hidden = new Map(past);
    const races: number[] = [];
    // A thread that frees what this step takes did so before it, and so did every step since that thread took it.
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
   * The initials of source sets (Abdulla, Aronis, Jonsson and Sagonas, POPL 2014): threads that can run first in place of step
   * `at` on the way to the next step of `thread`. Of the steps that do not happen after step `at`, these are the threads whose
   * first step has no other of them before it.
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

/** Adds a step, and the steps that happen before it, to the past of a later step. */
function latest(
  past: Map<number, number>,
  step: { readonly thread: number; readonly past: Past },
  at: number,
): void {
  for (const [thread, number] of step.past) if (number > (past.get(thread) ?? -1)) past.set(thread, number);
  if (at > (past.get(step.thread) ?? -1)) past.set(step.thread, at);
}
