/** What a step reads and writes, by the names that `StepWatcher` is told. */
export interface Footprint {
  readonly reads: Set<string>;
  readonly writes: Set<string>;
}

export function emptyFootprint(): Footprint {
  return { reads: new Set(), writes: new Set() };
}

/** In what a step writes: it may touch anything. */
export const everything = '*';

/** Whether it can matter which of two steps comes first: one writes what the other reads or writes. */
export function conflict(one: Footprint, other: Footprint): boolean {
  if (one.writes.has(everything) || other.writes.has(everything)) return true;
  return meets(one.writes, other.writes) || meets(one.writes, other.reads) || meets(other.writes, one.reads);
}

/** Adds what `from` touches to what `into` touches. */
export function join(into: Footprint, from: Footprint): void {
  for (const what of from.reads) into.reads.add(what);
  for (const what of from.writes) into.writes.add(what);
}

function meets(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const what of few) if (many.has(what)) return true;
  return false;
}
