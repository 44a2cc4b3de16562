import type { RunCache } from '../base/index.ts';
import type { Chooser } from '../choice/index.ts';
import type { Tree } from '../devicetree/index.ts';
import {
  checkFault,
  createFirmware,
  type ReconcilingFirmware,
  reconcile,
  type SimulatedFirmware,
} from '../firmware/index.ts';
import type { UnsupportedItem } from '../partition/index.ts';
import type { Scenario } from './scenario.ts';
import { withoutUnsupported } from './unsupported.ts';

/** Makes the reconciler between firmware and kernel, for the policy `reconcile`. */
export type Reconciler = (firmware: SimulatedFirmware, live: Tree, cache: RunCache) => ReconcilingFirmware;

/** The firmware of a scenario. */
export interface ScenarioFirmware {
  /** The trees before and after the first migration. */
  readonly trees: readonly [Tree, Tree];
  readonly firmware: SimulatedFirmware | ReconcilingFirmware;
  /** What the reconciler changed; empty without one. */
  readonly notes: () => ReturnType<ReconcilingFirmware['notes']>;
  /** How often each of the scenario's faults was injected. */
  readonly faultCounts: readonly number[];
}

const none = () => [];

/**
 * Creates the firmware of a scenario, with a reconciler if its policy says so.
 * @param unsupported parts of its trees that the partition does not support
 * @throws InputError for a fault at a node that neither tree has, and when no plan between the trees exists
 */
export function scenarioFirmware(
  scenario: Scenario,
  chooser: Chooser,
  cache: RunCache,
  unsupported: readonly UnsupportedItem[] = [],
  reconciler: Reconciler = reconcile,
): ScenarioFirmware {
  const trees = [
    withoutUnsupported(scenario.before, unsupported),
    withoutUnsupported(scenario.after, unsupported),
  ] as const;
  for (const fault of scenario.faults) checkFault(fault, [scenario.before, scenario.after]);
  const { firmware: style, faults, permitForbidden = false } = scenario;
  const served = createFirmware({ trees, style, faults, chooser, permitForbidden, cache });
  const { faultCounts } = served;
  if (scenario.policy !== 'reconcile') return { trees, firmware: served, notes: none, faultCounts };
  const firmware = reconciler(served, trees[0], cache);
  const notes = () => firmware.notes();
  return { trees, firmware, notes, faultCounts };
}

/**
 * The trees of the last migration: an even number of migrations ends at the source of the first.
 * @returns source and destination
 */
export function lastTrees(
  { times }: Scenario,
  [before, after]: readonly [Tree, Tree],
): readonly [Tree, Tree] {
  return times % 2 === 1 ? [before, after] : [after, before];
}
