import { Command } from 'commander';
import { plural } from '../base/index.ts';
import type { ConformResult, ConformSpec, Executor } from '../explore/index.ts';
import { newestRelease } from '../partition/index.ts';
import { addExecutorOptions, type ExecutorOptions, type RunControl, withExecutor } from './executor.ts';
import { exit } from './exit.ts';
import { writeOptionalFile } from './optional-file.ts';
import { wholeNumber } from './options.ts';

interface Options extends ExecutorOptions, ConformOutput {
  readonly kernel: string;
  readonly modules?: string;
  readonly release?: string;
  readonly runs: number;
  readonly seed: number;
}

/** Where it is told how far they agree. */
export interface ConformOutput {
  readonly json?: true;
  readonly junit?: string;
}

export function conformCommand(): Command {
  const command = new Command('conform')
    .description('run generated scenarios on the model and on a real kernel, and say where they disagree')
    .requiredOption('--kernel <name>', 'debian:6.1, debian:6.12, or the path of a ppc64le vmlinux')
    .option('--modules <folder>', 'modules of the kernel at that path')
    .option(
      '--release <linux>',
      `release of the model; absent: that of debian:RELEASE, else ${newestRelease}`,
    )
    .option('--runs <number>', 'how many scenarios', (text) => wholeNumber('--runs', text, 1), 100)
    .option(
      '--seed <number>',
      'seed of the first; each next one has the next number',
      (text) => wholeNumber('--seed', text),
      1,
    );
  return addExecutorOptions(command)
    .option('--json', 'every run as JSON, a line each')
    .option('--junit <file>', 'write it as JUnit XML: a case for each seed')
    .addHelpText('after', '\nExit status: 0 they agree, 1 they disagree, 2 bad usage, 3 environment.')
    .action(conformAction);
}

async function conformAction(options: Options): Promise<void> {
  const { kernel, modules, release: named, runs, seed } = options;
  const { GENERATED, generatorOptions } = await import('../explore/index.ts');
  const said = named ?? /^debian:(.*)$/.exec(kernel)?.[1];
  const { release } = generatorOptions(said === undefined ? {} : { release: said });
  const ask: ConformSpec = {
    kind: 'conform',
    tokenBase: { scenario: GENERATED, settings: { release }, digest: '' },
    kernel: { kernel, ...(modules !== undefined && { modules }) },
    release,
    runs,
    seed,
  };
  await withExecutor(options, (crew, control, tally) => runConform(ask, crew, control, options, tally));
}

/** Has model and kernel compared, and tells how far they agree. */
export async function runConform(
  ask: ConformSpec,
  crew: Executor,
  control: RunControl,
  { json, junit }: ConformOutput,
  tally: (text: string) => void,
): Promise<void> {
  const { campaign, conformedToJunit, conformKind, toRunToken } = await import('../explore/index.ts');
  const { disagreementsToText } = await import('../report/index.ts');
  const { seed, runs, kernel } = ask;
  const start = performance.now();
  let [done, bad] = [0, 0];
  const { outcomes } = await campaign(conformKind, ask, crew, {
    ...control,
    onOutcome(some) {
      done += some.length;
      bad += some.filter(disagrees).length;
      tally(`${done} of ${runs} runs, ${bad} disagree`);
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
  tally('making disagreements shorter');
  const { outcomes: shorter } = await campaign(conformKind, ask, crew, {
    ...control,
    slices: [...byKind.values()].map((disagreeing) => ({ disagreeing })),
  });
  for (const each of shorter.flat()) tell(each);
  await writeOptionalFile(junit, () => {
    const bySeed = new Map(shorter.flat().map((each) => [each.seed, each]));
    const told = all.map((each) => bySeed.get(each.seed) ?? each);
    return conformedToJunit(`conform ${kernel.kernel}`, told, tokenOf);
  });
  const partly = all.filter((each) => each.comparedUpTo !== undefined && !disagrees(each)).length;
  process.stderr.write(
    `${kernel.kernel}, seeds ${seed} to ${seed + runs - 1}: ${all.length - bad}/${all.length} agree, ` +
      `${rate.toFixed(2)} a second${partly > 0 ? `; ${plural(partly, 'run')} compared up to a known difference` : ''}\n`,
  );
  if (bad > 0) process.exitCode = exit.unsafe;

  function tell(conformed: ConformResult): void {
    const { seed: of, policy, disagreements } = conformed;
    process.stderr.write(
      `seed ${of} under ${policy}\n${disagreementsToText(disagreements)}\n` +
        `transplant replay ${tokenOf(conformed)} --kernel ${kernel.kernel}\n`,
    );
  }

  function tokenOf({ choices }: ConformResult): string {
    return ask.tokenBase ? toRunToken({ ...ask.tokenBase, choices }) : '';
  }
}

const disagrees = ({ disagreements }: ConformResult) => disagreements.length > 0;
