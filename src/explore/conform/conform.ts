import { pickedWays, randomChooser, recordingChooser } from '../../choice/index.ts';
import {
  type Boot,
  type Disagreement,
  disagreements,
  incomparableFrom,
  migrate,
  modelOf,
  play,
} from '../../migration/index.ts';
import type { ReleaseName } from '../../partition/index.ts';
import { trimmed } from '../failures.ts';
import { generatedFrom, generateScenario } from '../generate/scenario.ts';
import { shrink } from '../shrink.ts';

/** One generated scenario on the model and on a real kernel. */
export interface ConformResult {
  readonly seed: number;
  readonly policy: string;
  readonly choices: readonly number[];
  readonly disagreements: readonly Disagreement[];
  /** Why the two were compared only up to a point; absent where all of the run was. */
  readonly comparedUpTo?: string;
}

/** Kernel releases are compared with the model of the same release; the scenario must say one before it is known. */
export interface ConformOptions {
  readonly release: ReleaseName;
  /** Boots the real kernel. */
  readonly boot: Boot;
}

/** Runs the scenario of a seed on both. */
export async function conform(seed: number, options: ConformOptions): Promise<ConformResult> {
  return conformChoices(seed, choicesOf(seed, options), options);
}

/** The choices that a seed makes, of the scenario and of its run on the model. */
export function choicesOf(seed: number, { release }: Pick<ConformOptions, 'release'>): readonly number[] {
  const chooser = recordingChooser(randomChooser(seed));
  const scenario = generateScenario(chooser, { release });
  play(scenario, { chooser });
  return trimmed(pickedWays(chooser.choices));
}

export async function conformChoices(
  seed: number,
  choices: readonly number[],
  { release, boot }: ConformOptions,
): Promise<ConformResult> {
  const scenario = generatedFrom(choices, { release });
  const real = await migrate(scenario, boot);
  const model = await migrate(modelOf(scenario, real));
  const incomparable = incomparableFrom(model);
  return {
    seed,
    policy: scenario.policy ?? '',
    choices,
    disagreements: disagreements(real, model),
    ...(incomparable && { comparedUpTo: incomparable.reason }),
  };
}

/** The shortest run on which the two disagree about the same kind of thing. */
export async function shrinkDisagreement(
  conformed: ConformResult,
  options: ConformOptions,
  most = 60,
): Promise<ConformResult> {
  const [first] = conformed.disagreements;
  let best = conformed;
  if (!first) return best;
  await shrink(
    conformed.choices,
    async (choices) => {
      const tried = await conformChoices(conformed.seed, choices, options);
      const shows = tried.disagreements.some(({ about }) => about === first.about);
      if (shows) best = tried;
      return { choices, shows };
    },
    most,
  );
  return best;
}
