import type { FootprintNames } from './part.ts';

/** Assigns numbers to names, so that sets of names are bit sets. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  add(set: number[], name: string): void {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.length;
      this.#numbers.set(name, number);
      this.#names.push(name);
    }
    while (set.length <= number >> 5) set.push(0);
    set[number >> 5] = (set[number >> 5] ?? 0) | (1 << (number & 31));
  }

  /** A footprint as names, which do not depend on the numbers of this object. */
  toNames({ reads, writes, frees: freed }: Footprint): FootprintNames {
    return { reads: this.#in(reads), writes: this.#in(writes), frees: this.#in(freed) };
  }

  /** The inverse of `toNames`. */
  toFootprint({ reads, writes, frees: freed }: FootprintNames): Footprint {
    return { reads: this.#set(reads), writes: this.#set(writes), frees: this.#set(freed) };
  }

  #set(names: readonly string[]): number[] {
    const set: number[] = [];
    for (const name of names) this.add(set, name);
    return set;
  }

  #in(set: readonly number[]): readonly string[] {
    return this.#names.filter((_, number) => ((set[number >> 5] ?? 0) & (1 << (number & 31))) !== 0);
  }
}

/** What a step reads, writes and frees, as reported to the `StepWatcher`: bit sets of `Names`. */
export interface Footprint {
  readonly reads: number[];
  readonly writes: number[];
  /** What the step releases and other threads may wait for. */
  readonly frees: number[];
}

/** The footprint of a step that touches nothing. */
export function emptyFootprint(): Footprint {
  return { reads: [], writes: [], frees: [] };
}

/** Whether two steps are dependent: one writes what the other reads or writes. */
export function conflict(one: Footprint, other: Footprint): boolean {
  return (
    intersects(one.writes, other.writes) ||
    intersects(one.writes, other.reads) ||
    intersects(other.writes, one.reads)
  );
}

/** Whether a step frees what the other takes: then the other could not have come first. */
export function frees(one: Footprint, other: Footprint): boolean {
  return intersects(one.frees, other.writes) || intersects(one.frees, other.reads);
}

/** Adds the footprint `from` to `into`. */
export function addFootprint(into: Footprint, from: Footprint): void {
  addSet(into.reads, from.reads);
  addSet(into.writes, from.writes);
  addSet(into.frees, from.frees);
}

function addSet(into: number[], from: readonly number[]): void {
  for (let at = 0; at < from.length; at++) into[at] = (into[at] ?? 0) | (from[at] ?? 0);
}

function intersects(one: readonly number[], other: readonly number[]): boolean {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) if (((one[at] ?? 0) & (other[at] ?? 0)) !== 0) return true;
  return false;
}
