import type { Run } from '../verdict/index.ts';

/** The requested faults that were never injected, so that the run does not show their effect. */
export function neverInjectedFaults({ faults, faultCounts }: Run): readonly string[] {
  return faults.filter((_, at) => faultCounts?.[at] === 0);
}
