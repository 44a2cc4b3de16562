import { InputError } from '../base/index.ts';
import { policyNames } from '../kernel/index.ts';
import { overrideScenario, policyChoices, type Scenario } from '../migration/index.ts';
import { newestRelease, releaseNames } from '../partition/index.ts';
import { parseClientGroups, parsePossibleFaults, withClientsAndFaults } from './client-groups.ts';
import { generatedFrom } from './generate/scenario.ts';
import { digestOf, GENERATED, type RunReference } from './run-token.ts';

/** Options of a search that change its scenario, as text from the command line or from a token. */
export interface SearchSettings {
  readonly policy?: string;
  readonly release?: string;
  readonly firmware?: string;
  readonly kernelPolicy?: string;
  readonly times?: number;
  /** Names of client groups, separated by commas. */
  readonly clients?: string;
  /** Names of faults, separated by commas. */
  readonly possibleFaults?: string;
}

/** Applies the settings to a scenario, and adds clients and possible faults. @throws InputError for an unknown name */
export function prepareScenario(scenario: Scenario, settings: SearchSettings): Scenario {
  const { clients = 'readers', possibleFaults = 'busy' } = settings;
  const known = overrideScenario(scenario, settings);
  return withClientsAndFaults(known, parseClientGroups(clients), parsePossibleFaults(possibleFaults));
}

/** The settings as they are written in a token. */
export function tokenSettings(settings: SearchSettings): Readonly<Record<string, string>> {
  const { policy, release, firmware, kernelPolicy, times, clients, possibleFaults } = settings;
  const all = {
    policy,
    release,
    firmware,
    'kernel-policy': kernelPolicy,
    times: times?.toString(),
    clients,
    'possible-faults': possibleFaults,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/**
 * The scenario of a token, with the choices of its run.
 * @param find loads an example or a scenario file by name
 * @throws InputError when the scenario has changed since the token was made
 */
export async function scenarioOfToken(
  { scenario: name, settings: tokenSettings, digest, choices }: RunReference,
  find: (name: string) => Promise<Scenario>,
): Promise<Scenario> {
  const { times, 'kernel-policy': kernelPolicy, 'possible-faults': possibleFaults, ...rest } = tokenSettings;
  const settings: SearchSettings = {
    ...rest,
    ...(times !== undefined && { times: Number(times) }),
    ...(kernelPolicy !== undefined && { kernelPolicy }),
    ...(possibleFaults !== undefined && { possibleFaults }),
  };
  if (name === GENERATED) return generatedFrom(choices, generatorOptions(settings));
  const scenario = prepareScenario(await find(name), settings);
  if (digest !== '' && digest !== digestOf(scenario))
    throw new InputError(
      `the scenario ${name} has changed since the token was made`,
      {},
      {
        hint: 'its trees, workload or faults differ; use the version of the scenario that the token was made from',
      },
    );
  return { ...scenario, choices };
}

/** Options of generated scenarios that are not chosen at random. @throws InputError for an unknown name */
export function generatorOptions({
  policy,
  release = newestRelease,
  kernelPolicy,
}: SearchSettings): Parameters<typeof generatedFrom>[1] {
  return {
    release: named('--release', release, releaseNames),
    ...(policy !== undefined && { policy: named('--policy', policy, policyChoices) }),
    ...(kernelPolicy !== undefined && { kernelPolicy: named('--kernel-policy', kernelPolicy, policyNames) }),
  };
}

function named<Name extends string>(option: string, name: string, known: readonly Name[]): Name {
  const found = known.find((each) => each === name);
  if (found !== undefined) return found;
  throw new InputError(`${option} ${name}: unknown`, {}, { hint: `it takes ${known.join(', ')}` });
}
