export type { RunEvent } from './event.ts';
export { type FixState, fixedIn, fixState, ignoresFacilities, type KernelFix } from './fixes.ts';
export type { ReferenceChange } from './ledger.ts';
export type { LineFormat } from './line-format.ts';
export { type Fault, type LogLine, sameLines, type Warning } from './log.ts';
export type {
  DriverState,
  Holder,
  NodeReferences,
  Observation,
  OfNodeLink,
  Platform,
  VioDevice,
} from './observation.ts';
export type {
  Client,
  ClientOutcome,
  FileResult,
  MigrationOutcome,
  Partition,
  UnsupportedItem,
} from './partition.ts';
export { readLog } from './read-log.ts';
export {
  type KernelLines,
  type LineName,
  linePattern,
  nearestRelease,
  newestRelease,
  type Release,
  type ReleaseName,
  releaseNames,
  releases,
} from './releases/index.ts';
export {
  type DriverName,
  driverFacts,
  driverLinePattern,
  driverNames,
  driverPrefixes,
  loggedDriverStates,
  staleProperties,
  type VioDriverFacts,
  vioDrivers,
} from './vio-drivers.ts';
export { findWarnings } from './warnings.ts';
