import type { Tree } from '../devicetree/index.ts';
import type { ReconcileNote } from '../firmware/index.ts';
import type { RtasTraceEntry } from '../papr/index.ts';
import type { MigrationOutcome, Observation, ReferenceChange, RunEvent } from '../partition/index.ts';
import type { Verdict } from './verdict.ts';

/**
 * The record of one scenario on one partition, from power-on to verdict. Reports are made from it. Plain data; nothing in it
 * refers to the partition.
 */
export interface Run {
  readonly name: string;
  readonly description: string;
  /** How the firmware announced its changes: `powervm`, `properties`. */
  readonly firmware: string;
  /** The policy by the name that the user chose it with: `detach`, `reconcile`. */
  readonly policy: string;
  /** Injected faults, as the user wrote them. */
  readonly faults: readonly string[];
  /** How often each fault was injected, in the order of `faults`; absent in a run that an older transplant stored. */
  readonly faultCounts?: readonly number[];
  /** What the reconciler changed, if there was one. */
  readonly notes: readonly ReconcileNote[];
  /** The tree that the last migration came from. */
  readonly source: Tree;
  /** The tree that firmware wants it to have in the end. */
  readonly destination: Tree;
  readonly before: Observation;
  readonly after: Observation;
  readonly migrations: readonly MigrationRecord[];
  readonly workload: readonly WorkloadResult[];
  readonly events: readonly RunEvent[];
  /** Every change of a reference count, if counts are visible. */
  readonly ledger: readonly ReferenceChange[];
  readonly verdict: Verdict;
}

export interface MigrationRecord {
  /** What was written to `/sys/kernel/mobility/migration`. */
  readonly stream: bigint;
  readonly outcome: MigrationOutcome;
  /** Every RTAS call that the firmware answered, in order, with the bytes of its work area. */
  readonly calls: readonly RtasTraceEntry[];
}

/** What one step of the workload outside the migration gave. */
export interface WorkloadResult {
  readonly when: 'before' | 'after';
  /** `read` or `write`. */
  readonly verb: string;
  readonly path: string;
  /** What was read, as text without its final newline, or what was written. */
  readonly text: string;
  /** The errno's name, where the step failed. */
  readonly errno?: string;
}
