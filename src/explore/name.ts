import { InputError } from '../base/index.ts';
import { policyNames, releaseNames } from '../kernel/index.ts';
import { overrideScenario, policyChoices, type Scenario } from '../migration/index.ts';
import { generatedFrom } from './generate/scenario.ts';
import { digestOf, generated, type RunName } from './run-token.ts';
import { inhabited, parseCrowd, parsePerhaps } from './setup.ts';

/** What is said of a scenario that is explored, in the words of options. */
export interface Said {
  readonly policy?: string;
  readonly release?: string;
  readonly firmware?: string;
  readonly under?: string;
  readonly times?: number;
  /** Names of crowds, with commas. */
  readonly with?: string;
  /** Names of faults, with commas. */
  readonly perhaps?: string;
}

/** A scenario as it is explored: with what was said of it, somebody in it, and faults that may strike. */
export function prepare(scenario: Scenario, said: Said): Scenario {
  const { with: crowd = 'readers', perhaps = 'busy' } = said;
  const known = overrideScenario(scenario, said);
  return inhabited(known, parseCrowd(crowd), parsePerhaps(perhaps));
}

/** What of it goes into a token. */
export function settingsOf(said: Said): Readonly<Record<string, string>> {
  const { policy, release, firmware, under, times, with: crowd, perhaps } = said;
  const all = { policy, release, firmware, under, times: times?.toString(), with: crowd, perhaps };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/**
 * The scenario that a token names, with the choices of its run.
 * @param find finds an example or a scenario file
 * @throws InputError where it is another today
 */
export async function scenarioOf(
  { scenario: name, settings, digest, choices }: RunName,
  find: (name: string) => Promise<Scenario>,
): Promise<Scenario> {
  const { times, ...rest } = settings;
  const said: Said = { ...rest, ...(times !== undefined && { times: Number(times) }) };
  if (name === generated) return generatedFrom(choices, settledBy(said));
  const scenario = prepare(await find(name), said);
  if (digest !== '' && digest !== digestOf(scenario))
    throw new InputError(
      `${name} is another scenario today than the one that was run`,
      {},
      {
        hint: 'its trees, workload or faults have changed since; the choices would mean something else',
      },
    );
  return { ...scenario, choices };
}

/** What a generated scenario has not from its choices. @throws InputError */
export function settledBy({ policy, release = '7.2', under }: Said): Parameters<typeof generatedFrom>[1] {
  return {
    release: named('--release', release, releaseNames),
    ...(policy !== undefined && { policy: named('--policy', policy, policyChoices) }),
    ...(under !== undefined && { under: named('--under', under, policyNames) }),
  };
}

function named<Name extends string>(option: string, name: string, known: readonly Name[]): Name {
  const found = known.find((each) => each === name);
  if (found !== undefined) return found;
  throw new InputError(`${option} ${name}: unknown`, {}, { hint: `it takes ${known.join(', ')}` });
}
