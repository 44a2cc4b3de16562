import type { Tree } from '../devicetree/index.ts';
import type { MigrationOutcome, Observation } from '../partition/index.ts';

/**
 * What a verdict is made from. Only `after` is always present: a capture of a machine may have nothing else, and a rule
 * whose evidence is missing finds nothing.
 */
export interface Evidence {
  readonly after: Observation;
  /** The same partition before it migrated. */
  readonly before?: Observation;
  /** The tree before the migration. */
  readonly source?: Tree;
  /** The tree that firmware wants the partition to have. */
  readonly destination?: Tree;
  /** How each migration ended, in order. */
  readonly outcomes?: readonly MigrationOutcome[];
}
