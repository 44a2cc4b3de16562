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

/** The comparison of one generated scenario on the model and on a real kernel. */
export interface ConformResult {
  readonly seed: number;
  readonly policy: string;
  readonly choices: readonly number[];
  readonly disagreements: readonly Disagreement[];
  /** The reason of the known difference at which the comparison stopped; absent when the whole run was compared. */
  readonly comparedUpTo?: string;
}

/** Options of a comparison. The release of the model is replaced with that of the real kernel when it is known. */
export interface ConformOptions {
  readonly release: ReleaseName;
  /** Boots the real kernel. */
  readonly boot: Boot;
}

/** Runs the scenario of a seed on the model and on the real kernel, and compares them. */
export async function conform(seed: number, options: ConformOptions): Promise<ConformResult> {
  return conformChoices(seed, choicesOf(seed, options), options);
}

/** The choices of a seed: those that generate the scenario, then those of its run on the model. */
export function choicesOf(seed: number, { release }: Pick<ConformOptions, 'release'>): readonly number[] {
  const chooser = recordingChooser(randomChooser(seed));
  const scenario = generateScenario(chooser, { release });
  play(scenario, { chooser });
  return trimmed(pickedWays(chooser.choices));
}

/** Runs the scenario of a list of choices on the model and on the real kernel, and compares them. */
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

/** Minimises a disagreement: the result disagrees about the same kind of thing. */
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
