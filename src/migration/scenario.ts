import type { Tree } from '../devicetree/index.ts';
import type { Fault, PlanStyle } from '../firmware/index.ts';
import { type PolicyName, policyNames } from '../kernel/index.ts';
import { type DriverName, newestRelease, type ReleaseName } from '../partition/index.ts';

/**
 * A migration to be tested: the partition's tree on the source server, the tree on the destination server, how firmware reports
 * the difference, the kernel, and the workload.
 */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly before: Tree;
  readonly after: Tree;
  readonly firmware: PlanStyle;
  readonly faults: readonly Fault[];
  /** Whether firmware may delete and add nodes that PAPR excludes from migrations; absent: that is an error. */
  readonly permitForbidden?: boolean;
  /** Linux release of the modelled kernel; a real kernel has its own. */
  readonly release: ReleaseName;
  /** How the kernel treats deletes and adds of platform-facilities; absent: as its release does. */
  readonly policy?: PolicyChoice;
  /** With `reconcile`: the policy of the kernel behind the reconciler; absent: that of its release. */
  readonly kernelPolicy?: PolicyName;
  /** Drivers that are loaded; absent: all that the kernel has. */
  readonly drivers?: readonly DriverName[];
  readonly cpus: number;
  /** Seed of a random schedule; absent: each thread runs until it must wait. */
  readonly seed?: number;
  /** The choices of firmware and kernel, to repeat a run; absent: the default run. */
  readonly choices?: readonly number[];
  /** Number of migrations, there and back. */
  readonly times: number;
  readonly workload: readonly WorkloadStep[];
}

/** A policy of the kernel, or `reconcile`: a reconciler between the firmware and an unchanged kernel. */
export type PolicyChoice = PolicyName | 'reconcile';

/** All policies that a scenario can name. */
export const policyChoices: readonly PolicyChoice[] = [...policyNames, 'reconcile'];

/** The policy of the kernel itself; undefined: that of its release. */
export function kernelPolicyOf({ policy, kernelPolicy }: Scenario): PolicyName | undefined {
  return policy === 'reconcile' ? kernelPolicy : policy;
}

/**
 * One step of the workload. `before` and `after` the migrations it is done `times` times, one after the other. A step `during` the
 * migrations is a client that runs at the same time.
 */
export interface WorkloadStep {
  readonly when: 'before' | 'during' | 'after';
  /** A path in the partition; `/sys/devices/vio/*` matches every VIO device, `drivers` for what each driver offers. */
  readonly path: string;
  /** What is written; absent: the path is read. */
  readonly write?: string;
  readonly times: number;
}

/** The values of a scenario that only names two trees. */
export const scenarioDefaults = {
  firmware: 'powervm',
  release: newestRelease,
  cpus: 1,
  times: 1,
  workload: [{ when: 'after', path: '/sys/devices/vio/*/devspec', times: 1 }],
} as const satisfies Partial<Scenario>;
