/** What a step reads, writes and lets go of, by the names that `StepWatcher` is told. */
export interface Footprint {
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  /** What others may have waited for. */
  readonly frees: Set<string>;
}

export function emptyFootprint(): Footprint {
  return { reads: new Set(), writes: new Set(), frees: new Set() };
}

/** Whether it can matter which of two steps comes first: one writes what the other reads or writes. */
export function conflict(one: Footprint, other: Footprint): boolean {
  return meets(one.writes, other.writes) || meets(one.writes, other.reads) || meets(other.writes, one.reads);
}

/** Whether a step may let go of what another takes: the other could not have come first. */
export function frees(one: Footprint, other: Footprint): boolean {
  return meets(one.frees, other.writes) || meets(one.frees, other.reads);
}

/** Adds what `from` touches to what `into` touches. */
export function join(into: Footprint, from: Footprint): void {
  for (const what of from.reads) into.reads.add(what);
  for (const what of from.writes) into.writes.add(what);
  for (const what of from.frees) into.frees.add(what);
}

function meets(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const what of few) if (many.has(what)) return true;
  return false;
}
