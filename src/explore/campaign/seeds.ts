/** Runs from a seed on. */
export interface SeedRange {
  readonly seed: number;
  readonly runs: number;
}

/** Cuts runs into slices, each of which begins with a seed that none of the others has. */
export function splitSeeds(seed: number, runs: number, most: number): readonly SeedRange[] {
  const slices: SeedRange[] = [];
  for (let done = 0; done < runs; done += most)
    slices.push({ seed: seed + done, runs: Math.min(most, runs - done) });
  return slices;
}
