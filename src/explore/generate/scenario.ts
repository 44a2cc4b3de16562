import { RunCache } from '../../base/index.ts';
import { type Chooser, recordingChooser, replayChooser } from '../../choice/index.ts';
import { anyCallFaults, type Fault, type FaultName } from '../../firmware/index.ts';
import { type Scenario, scenarioDefaults } from '../../migration/index.ts';
import { workAreaFunctions } from '../../papr/index.ts';
import { generateEdits } from './edit.ts';
import { generateTree } from './tree.ts';

/** Faults that a kernel survives; the others read past the end of a buffer, and what a real one finds there is chance. */
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

/** What is settled before anything is chosen. */
export type GeneratorOptions = Pick<Scenario, 'release'> & Partial<Pick<Scenario, 'policy' | 'kernelPolicy'>>;

/** What a real kernel can be had with. */
const policies = ['ignore', 'detach', 'reconcile'] as const;

/**
 * A scenario made of choices: trees, style, faults, how often. The plain one is the migration of the thread, with one
 * value that changes; every other is a list of numbers, which can be kept and shrunk.
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

/** The scenario that the first of these choices make; the rest are those of its run. */
export function generatedFrom(choices: readonly number[], options: GeneratorOptions): Scenario {
  const chooser = recordingChooser(replayChooser(choices));
  const scenario = generateScenario(chooser, options);
  return { ...scenario, choices: choices.slice(chooser.choices.length) };
}

function generateFaults(chooser: Chooser): readonly Fault[] {
  // Three of four have none: a list that was cut short says little of what it would have said.
  if (chooser.choose(4, 'faulty') !== 3) return [];
  const fault = survivableFaults[chooser.choose(survivableFaults.length, 'fault')] ?? 'busy';
  const at = workAreaFunctions[chooser.choose(workAreaFunctions.length, 'function')] ?? '';
  return [anyCallFaults.has(fault) ? { fault, at, times: 1 } : { fault, times: 1 }];
}
