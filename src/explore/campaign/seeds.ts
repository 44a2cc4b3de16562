/** Consecutive seeds, one for each run. */
export interface SeedRange {
  readonly seed: number;
  readonly runs: number;
}

/** Splits runs into ranges of at most `maxRuns` seeds that do not overlap. */
export function splitSeeds(seed: number, runs: number, maxRuns: number): readonly SeedRange[] {
  const slices: SeedRange[] = [];
  for (let done = 0; done < runs; done += maxRuns)
    slices.push({ seed: seed + done, runs: Math.min(maxRuns, runs - done) });
  return slices;
}
