export type { RunEvent } from './event.ts';
export type { ReferenceChange } from './ledger.ts';
export { type LogLine, sameLines, type Warning } from './log.ts';
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
export { findWarnings } from './warnings.ts';
