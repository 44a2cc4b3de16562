import { Command, Option } from 'commander';
import { plural } from '../base/index.ts';
import type { ConformResult, ConformSpec, Executor } from '../explore/index.ts';
import { newestRelease } from '../partition/index.ts';
import {
  type ExecutorOptions,
  executorOptions,
  type RunControl,
  runsOption,
  withExecutor,
} from './executor.ts';
import { exit } from './exit.ts';
import { writeOptionalFile } from './optional-file.ts';
import { addExitStatuses, addOptions, sharedOption, wholeNumber } from './options.ts';

interface Options extends ExecutorOptions, ConformOutput {
  readonly kernel: string;
  readonly modules?: string;
  readonly release?: string;
  readonly runs: number;
  readonly seed: number;
}

/** Where and how the result is printed. */
export interface ConformOutput {
  readonly json?: true;
  readonly junit?: string;
}

export function conformCommand(): Command {
  const command = new Command('conform').description(
    'run generated scenarios on the model and on a real kernel and report disagreements',
  );
  addOptions(
    command,
    sharedOption('kernel').makeOptionMandatory(),
    'modules',
    new Option(
      '--release <linux>',
      `Linux release of the modelled kernel (default: that of debian:RELEASE, else ${newestRelease})`,
    ),
    runsOption(100),
    new Option('--seed <number>', 'seed of the first scenario; each further scenario has the next number')
      .argParser((text) => wholeNumber('--seed', text))
      .default(1),
    ...executorOptions(),
    new Option('--json', 'print each run as one line of JSON'),
    'junit',
  );
  return addExitStatuses(command, { 0: 'model and kernel agree', 1: 'they disagree', 3: true }).action(
    conformAction,
  );
}

async function conformAction(options: Options): Promise<void> {
  const { kernel, modules, release: named, runs, seed } = options;
  const { GENERATED, generatorOptions } = await import('../explore/index.ts');
  const wanted = named ?? /^debian:(.*)$/.exec(kernel)?.[1];
  const { release } = generatorOptions(wanted === undefined ? {} : { release: wanted });
  const spec: ConformSpec = {
    kind: 'conform',
    tokenBase: { scenario: GENERATED, settings: { release }, digest: '' },
    kernel: { kernel, ...(modules !== undefined && { modules }) },
    release,
    runs,
    seed,
  };
  await withExecutor(options, (executor, control, setSummary) =>
    runConform(spec, executor, control, options, setSummary),
  );
}

/** Compares model and kernel on an executor and prints the disagreements. */
export async function runConform(
  spec: ConformSpec,
  executor: Executor,
  control: RunControl,
  { json, junit }: ConformOutput,
  setSummary: (text: string) => void,
): Promise<void> {
  const { campaign, conformedToJunit, conformKind, toRunToken } = await import('../explore/index.ts');
  const { disagreementsToText } = await import('../report/index.ts');
  const { seed, runs, kernel } = spec;
  const start = performance.now();
  let [done, bad] = [0, 0];
  const { outcomes } = await campaign(conformKind, spec, executor, {
    ...control,
    onOutcome(some) {
      done += some.length;
      bad += some.filter(disagrees).length;
      setSummary(`${done} of ${runs} runs, ${bad} disagree`);
      if (json) for (const each of some) process.stdout.write(`${JSON.stringify(each)}\n`);
    },
  });
  const all = outcomes.flat();
  const rate = all.length / ((performance.now() - start) / 1000);
  const byKind = new Map<string, ConformResult>();
  for (const each of all.filter(disagrees)) {
    const kind = each.disagreements.map(({ about }) => about).join();
    if (!byKind.has(kind)) byKind.set(kind, each);
  }
  setSummary('shrinking disagreements');
  const { outcomes: shorter } = await campaign(conformKind, spec, executor, {
    ...control,
    slices: [...byKind.values()].map((disagreeing) => ({ disagreeing })),
  });
  for (const each of shorter.flat()) print(each);
  await writeOptionalFile(junit, () => {
    const bySeed = new Map(shorter.flat().map((each) => [each.seed, each]));
    const results = all.map((each) => bySeed.get(each.seed) ?? each);
    return conformedToJunit(`conform ${kernel.kernel}`, results, tokenOf);
  });
  const partly = all.filter((each) => each.comparedUpTo !== undefined && !disagrees(each)).length;
  process.stderr.write(
    `${kernel.kernel}, seeds ${seed} to ${seed + runs - 1}: ${all.length - bad}/${all.length} agree, ` +
      `${rate.toFixed(2)} per second${partly > 0 ? `; ${plural(partly, 'run')} compared up to a known difference` : ''}\n`,
  );
  if (bad > 0) process.exitCode = exit.unsafe;

  function print(conformed: ConformResult): void {
    const { seed: of, policy, disagreements } = conformed;
    process.stderr.write(
      `seed ${of} under ${policy}\n${disagreementsToText(disagreements)}\n` +
        `transplant replay ${tokenOf(conformed)} --kernel ${kernel.kernel}\n`,
    );
  }

  function tokenOf({ choices }: ConformResult): string {
    return spec.tokenBase ? toRunToken({ ...spec.tokenBase, choices }) : '';
  }
}

const disagrees = ({ disagreements }: ConformResult) => disagreements.length > 0;
