import type { Run } from '../verdict/index.ts';

/** The faults that were asked for and never struck: nothing of the run tells what they would have done. */
export function neverInjectedFaults({ faults, strikes }: Run): readonly string[] {
  return faults.filter((_, at) => strikes?.[at] === 0);
}
