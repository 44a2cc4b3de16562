import type { Tree } from '../devicetree/index.ts';
import type { Fault, PlanStyle } from '../firmware/index.ts';
import { type PolicyName, policyNames } from '../kernel/index.ts';
import { type DriverName, newestRelease, type ReleaseName } from '../partition/index.ts';

/**
 * A migration to be tried: a partition's tree on the server it leaves, the tree on the server it comes to, how the
 * firmware announces the difference, what kernel hears it, and who uses the partition meanwhile.
 */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly before: Tree;
  readonly after: Tree;
  readonly firmware: PlanStyle;
  readonly faults: readonly Fault[];
  /** Whether firmware deletes and adds nodes that PAPR does not let a migration delete or add; absent: it is refused. */
  readonly permitForbidden?: boolean;
  /** Linux release of the modelled kernel; a real kernel brings its own. */
  readonly release: ReleaseName;
  /** How deletes and adds of platform-facilities are treated; absent: as the release does. */
  readonly policy?: PolicyChoice;
  /** With `reconcile`: the policy of the kernel behind the reconciler; absent: as the release does. */
  readonly kernelPolicy?: PolicyName;
  /** Drivers that are loaded; absent: all that the kernel has. */
  readonly drivers?: readonly DriverName[];
  readonly cpus: number;
  /** Lets threads take turns at random, by this seed; absent: each keeps running until it must wait. */
  readonly seed?: number;
  /** The choices of a run that is to be repeated, of firmware and kernel; absent: the plain run. */
  readonly choices?: readonly number[];
  /** How often the partition migrates, there and back again. */
  readonly times: number;
  readonly workload: readonly WorkloadStep[];
}

/** A policy of the kernel, or `reconcile`: the kernel as it is, with a reconciler in front of the firmware. */
export type PolicyChoice = PolicyName | 'reconcile';

export const policyChoices: readonly PolicyChoice[] = [...policyNames, 'reconcile'];

/** The policy of the kernel itself; absent: its release's own. */
export function kernelPolicyOf({ policy, kernelPolicy }: Scenario): PolicyName | undefined {
  return policy === 'reconcile' ? kernelPolicy : policy;
}

/**
 * One thing that somebody does in the partition. `before` and `after` the migrations it is done `times` times, one
 * after the other; `during` a migration it is a client that runs beside it.
 */
export interface WorkloadStep {
  readonly when: 'before' | 'during' | 'after';
  /** A path in the partition; `/sys/devices/vio/*` stands for every VIO device, `drivers` for what each driver offers. */
  readonly path: string;
  /** What is written; absent: the path is read. */
  readonly write?: string;
  readonly times: number;
}

/** What is true of a scenario that only names two trees. */
export const scenarioDefaults = {
  firmware: 'powervm',
  release: newestRelease,
  cpus: 1,
  times: 1,
  workload: [{ when: 'after', path: '/sys/devices/vio/*/devspec', times: 1 }],
} as const satisfies Partial<Scenario>;
