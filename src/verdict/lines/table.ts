import { acceleratorLines } from './accelerators.ts';
import { adapterLines } from './adapters.ts';
import { deviceTreeLines } from './device-tree.ts';
import { dlparLines } from './dlpar.ts';
import { faultLines } from './faults.ts';
import type { KnownLine } from './known-line.ts';
import { mobilityLines } from './mobility.ts';
import { rtasLines } from './rtas.ts';
import { userSpaceLines } from './user-space.ts';
import { watchdogLines } from './watchdog.ts';

/** Every line whose meaning is known here; at most one of them matches a line. */
export const knownLines: readonly KnownLine[] = [
  ...mobilityLines,
  ...rtasLines,
  ...watchdogLines,
  ...acceleratorLines,
  ...deviceTreeLines,
  ...dlparLines,
  ...adapterLines,
  ...faultLines,
  ...userSpaceLines,
];
