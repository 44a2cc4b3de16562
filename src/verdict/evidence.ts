import type { Tree } from '../devicetree/index.ts';
import type { MigrationOutcome, Observation } from '../partition/index.ts';

/**
 * All that a verdict may look at. Only `after` is always there: a capture of somebody's machine has nothing else, and
 * a rule whose evidence is missing says nothing.
 */
export interface Evidence {
  readonly after: Observation;
  /** The same partition before it migrated. */
  readonly before?: Observation;
  /** The tree that firmware started from, where a firmware of ours is known. */
  readonly source?: Tree;
  /** The tree that firmware wants the partition to have. */
  readonly destination?: Tree;
  /** How each migration ended, in order. */
  readonly outcomes?: readonly MigrationOutcome[];
}
