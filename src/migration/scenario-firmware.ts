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
import { withoutRefused } from './refused.ts';
import type { Scenario } from './scenario.ts';

/** What stands between firmware and kernel where the policy is `reconcile`. */
export type Reconciler = (firmware: SimulatedFirmware, live: Tree, cache: RunCache) => ReconcilingFirmware;

/** The far side of a scenario. */
export interface ScenarioFirmware {
  /** Before the first migration, after it. */
  readonly trees: readonly [Tree, Tree];
  readonly firmware: SimulatedFirmware | ReconcilingFirmware;
  readonly notes: () => ReturnType<ReconcilingFirmware['notes']>;
  /** How often each of the scenario's faults struck. */
  readonly strikes: readonly number[];
}

const none = () => [];

/**
 * @param unsupported parts of its trees that the partition does not support
 * @throws InputError for a fault at a node that neither tree has, and if nothing can be planned between them
 */
export function scenarioFirmware(
  scenario: Scenario,
  chooser: Chooser,
  cache: RunCache,
  unsupported: readonly UnsupportedItem[] = [],
  reconciler: Reconciler = reconcile,
): ScenarioFirmware {
  const trees = [
    withoutRefused(scenario.before, unsupported),
    withoutRefused(scenario.after, unsupported),
  ] as const;
  for (const fault of scenario.faults) checkFault(fault, [scenario.before, scenario.after]);
  const { firmware: style, faults, permitForbidden = false } = scenario;
  const served = createFirmware({ trees, style, faults, chooser, permitForbidden, cache });
  const strikes = served.faultCounts;
  if (scenario.policy !== 'reconcile') return { trees, firmware: served, notes: none, strikes };
  const firmware = reconciler(served, trees[0], cache);
  const notes = () => firmware.notes();
  return { trees, firmware, notes, strikes };
}

/**
 * The trees between which the last migration went: an even number of migrations ends where the first one began.
 * @returns source and destination
 */
export function lastTrees(
  { times }: Scenario,
  [before, after]: readonly [Tree, Tree],
): readonly [Tree, Tree] {
  return times % 2 === 1 ? [before, after] : [after, before];
}
