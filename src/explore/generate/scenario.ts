import { RunCache } from '../../base/index.ts';
import { type Chooser, recordingChooser, replayChooser } from '../../choice/index.ts';
import { anyCallFaults, type Fault, type FaultName } from '../../firmware/index.ts';
import { type Scenario, scenarioDefaults } from '../../migration/index.ts';
import { workAreaFunctions } from '../../papr/index.ts';
import { generateEdits } from './edit.ts';
import { generateTree } from './tree.ts';

/** Faults that no kernel answers with a read past the end of a buffer, whose result would not be determined. */
export const survivableFaults: readonly FaultName[] = [
  'busy',
  'extended-delay',
  'hardware-error',
  'parameter-error',
  'unusable',
  'unknown-phandle',
  'unknown-parent',
  'lost-add',
  'lone-child',
  'next-child-siblings',
];

/** Values of generated scenarios that are not chosen. */
export type GeneratorOptions = Pick<Scenario, 'release'> & Partial<Pick<Scenario, 'policy' | 'kernelPolicy'>>;

/** Policies that a real kernel can run with. */
const policies = ['ignore', 'detach', 'reconcile'] as const;

/**
 * Generates a scenario from choices: trees, style, faults, number of migrations. With all choices 0 one value of
 * platform-facilities changes.
 */
export function generateScenario(
  chooser: Chooser,
  options: GeneratorOptions,
  cache = new RunCache(),
): Scenario {
  const policy = options.policy ?? policies[chooser.choose(policies.length, 'policy')] ?? 'ignore';
  const before = generateTree(chooser, cache);
  const after = generateEdits(chooser, before);
  const firmware = chooser.choose(4, 'style') === 3 ? 'properties' : 'powervm';
  const times = 1 + chooser.choose(3, 'migrations');
  return {
    ...scenarioDefaults,
    ...options,
    name: 'generated',
    description: '',
    policy,
    before,
    after,
    firmware,
    times,
    faults: generateFaults(chooser),
  };
}

/** Generates the scenario of a list of choices; the remaining choices are those of its run. */
export function generatedFrom(choices: readonly number[], options: GeneratorOptions): Scenario {
  const chooser = recordingChooser(replayChooser(choices));
  const scenario = generateScenario(chooser, options);
  return { ...scenario, choices: choices.slice(chooser.choices.length) };
}

function generateFaults(chooser: Chooser): readonly Fault[] {
  // Three of four scenarios have no fault, because a fault often ends the list of messages early.
  if (chooser.choose(4, 'faulty') !== 3) return [];
  const fault = survivableFaults[chooser.choose(survivableFaults.length, 'fault')] ?? 'busy';
  const at = workAreaFunctions[chooser.choose(workAreaFunctions.length, 'function')] ?? '';
  return [anyCallFaults.has(fault) ? { fault, at, times: 1 } : { fault, times: 1 }];
}
