import { InputError } from '../base/index.ts';
import { parseFault, planStyles } from '../firmware/index.ts';
import { policyNames } from '../kernel/index.ts';
import { releaseNames } from '../partition/index.ts';
import { policyChoices, type Scenario } from './scenario.ts';

/** Options of the command line that override a scenario, as unchecked text. */
export interface Overrides {
  readonly release?: string;
  readonly policy?: string;
  readonly kernelPolicy?: string;
  readonly cpus?: number;
  readonly seed?: number;
  readonly firmware?: string;
  /** Added to those of the scenario. */
  readonly fault?: readonly string[];
  readonly times?: number;
  readonly permitForbidden?: true;
}

/** Applies options to a scenario. @throws InputError with the option and its valid values */
export function overrideScenario(scenario: Scenario, overrides: Overrides): Scenario {
  const {
    release,
    policy,
    kernelPolicy,
    firmware,
    fault = [],
    times,
    cpus,
    seed,
    permitForbidden,
  } = overrides;
  checkRange('--times', times, 1, 100);
  checkRange('--cpus', cpus, 1, 64);
  checkRange('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const changed: Scenario = {
    ...scenario,
    ...(release !== undefined && { release: oneOf('--release', release, releaseNames) }),
    ...(policy !== undefined && { policy: oneOf('--policy', policy, policyChoices) }),
    ...(firmware !== undefined && { firmware: oneOf('--firmware', firmware, planStyles) }),
    ...(kernelPolicy !== undefined && { kernelPolicy: oneOf('--kernel-policy', kernelPolicy, policyNames) }),
    ...(permitForbidden && { permitForbidden }),
    ...(times !== undefined && { times }),
    ...(cpus !== undefined && { cpus }),
    ...(seed !== undefined && { seed }),
    faults: [...scenario.faults, ...fault.map(parseFault)],
  };
  if (kernelPolicy !== undefined && changed.policy !== 'reconcile')
    throw new InputError(
      '--kernel-policy goes with --policy reconcile',
      {},
      { hint: 'it names the policy of the kernel behind the reconciler' },
    );
  return changed;
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found === undefined)
    throw new InputError(`${option} ${value}: unknown`, {}, { hint: `it takes ${known.join(', ')}` });
  return found;
}

function checkRange(option: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new InputError(`${option} takes a whole number from ${least} to ${most}`);
}
