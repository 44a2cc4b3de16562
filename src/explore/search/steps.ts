import { conflict, type Footprint } from './footprint.ts';

/** A step that a thread took. */
export interface Step<Place> {
  readonly thread: number;
  readonly footprint: Footprint;
  /** Where it was picked; absent where the thread had no rival. */
  readonly from?: Place | undefined;
}

/** For each thread, the number of its last step that had to come before. */
type Past = ReadonlyMap<number, number>;

/** Called for a place where a thread might have gone first with another outcome. */
type OnRace<Place> = (from: Place, thread: number) => void;

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

  add(step: Step<Place>, onRace: OnRace<Place>): void {
    const isKnown = this.#next < this.#steps.length;
    if (!isKnown) this.#steps.push({ ...step, past: this.race(step, onRace) });
    this.#next++;
  }

  /** Finds the steps so far that race with one. @returns what has to come before it */
  race({ thread, footprint }: Step<Place>, onRace: OnRace<Place>): Past {
    const own = this.#steps.findLastIndex((step, at) => step.thread === thread && at < this.#next);
    const past = new Map(this.#steps[own]?.past);
    if (own >= 0) past.set(thread, own);
    for (let at = this.#next - 1; at >= 0; at--) {
      const earlier = this.#steps[at];
      if (!earlier || earlier.thread === thread || at <= (past.get(earlier.thread) ?? -1)) continue;
      if (!conflict(earlier.footprint, footprint)) continue;
      if (earlier.from !== undefined) onRace(earlier.from, thread);
      for (const [other, number] of earlier.past) {
        if (number > (past.get(other) ?? -1)) past.set(other, number);
      }
      past.set(earlier.thread, at);
    }
    return past;
  }
}
