import { Command } from 'commander';
import { InputError } from '../base/index.ts';
import type { Executor, FuzzSpec, SearchSettings } from '../explore/index.ts';
import { releaseNames } from '../partition/index.ts';
import { addExecutorOptions, type ExecutorOptions, type RunControl, withExecutor } from './executor.ts';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { checkAllowed, collect, wholeNumber } from './options.ts';
import { painter } from './terminal.ts';

interface Options extends SearchSettings, ExecutorOptions, FuzzOutput {
  readonly generate?: true;
  readonly runs: number;
  readonly seed: number;
  readonly seconds?: number;
  readonly kernel?: string;
  readonly modules?: string;
  readonly poison?: true;
  readonly allow?: readonly string[];
}

/** Where it is told what was found. */
export interface FuzzOutput {
  readonly json?: true;
  readonly junit?: string;
}

export function fuzzCommand(): Command {
  const command = new Command('fuzz')
    .description('run a scenario, or generated ones, by chance; what shows something new is varied')
    .argument('[scenario]', 'scenario file, folder that holds one, or name of an example')
    .option('--generate', 'make up trees, style and faults for each run')
    .option('--runs <number>', 'how many runs', (text) => wholeNumber('--runs', text, 1), 1000)
    .option('--seed <number>', 'the same seed gives the same runs', (text) => wholeNumber('--seed', text), 1)
    .option('--seconds <number>', 'stop after so long', (text) => wholeNumber('--seconds', text))
    .option('--release <linux>', `release of the modelled kernel: ${releaseNames.join(', ')}`)
    .option('--policy <name>', 'policy; with --generate, absent: any that real kernels have')
    .option(
      '--kernel-policy <policy>',
      'with --policy reconcile: the policy of the kernel behind the reconciler',
    )
    .option('--clients <groups>', 'clients during the migration, see explore')
    .option(
      '--possible-faults <faults>',
      'faults that firmware may inject once each, with commas; all or none',
    )
    .option('--kernel <name>', 'with --generate: debian:6.1, debian:6.12, or the path of a ppc64le vmlinux')
    .option('--modules <folder>', 'modules of the kernel at that path')
    .option('--poison', 'with --kernel: poison freed memory, so that its use oopses')
    .option('--allow <rule>', 'a rule whose findings do not count (may be repeated)', collect);
  return addExecutorOptions(command)
    .option('--json', 'what was found as JSON')
    .option('--junit <file>', 'write it as JUnit XML: a case for each rule')
    .addHelpText(
      'after',
      '\nExit status: 0 no run breaks a rule, 1 one does, 2 bad usage or\ninput, 3 environment.',
    )
    .action(fuzzAction);
}

async function fuzzAction(name: string | undefined, options: Options): Promise<void> {
  const { generate, runs, seed, seconds, kernel, modules, poison, allow, ...rest } = options;
  if (kernel !== undefined && !generate)
    throw new InputError(
      '--kernel goes with --generate',
      {},
      { hint: 'the threads of a real kernel go as they like' },
    );
  if (generate && name !== undefined) throw new InputError('--generate takes no scenario');
  const { digestOf, GENERATED, packScenario, prepareScenario, tokenSettings, generatorOptions } =
    await import('../explore/index.ts');
  const allowed = await checkAllowed(allow);
  const common = { kind: 'fuzz', runs, seed, allowed } as const;
  let ask: FuzzSpec;
  if (generate) {
    const real = kernel === undefined ? undefined : { kernel, modules, poison };
    ask = {
      ...common,
      tokenBase: { scenario: GENERATED, settings: tokenSettings(rest), digest: '' },
      target: { generated: generatorOptions(rest), ...(real && { kernel: real }) },
    };
  } else {
    const input = await readScenario(name);
    const scenario = prepareScenario(input.scenario, rest);
    const tokenBase = { scenario: name ?? 'platform-facilities', settings: tokenSettings(rest) };
    ask = {
      ...common,
      tokenBase: { ...tokenBase, digest: digestOf(scenario) },
      target: { scenario: packScenario(scenario) },
      ...(input.gaps && { gaps: true }),
    };
  }
  await withExecutor(rest, (crew, control, tally) => runFuzz(ask, crew, control, rest, tally), seconds);
}

/** Has a subject fuzzed, and tells what was found. */
export async function runFuzz(
  ask: FuzzSpec,
  crew: Executor,
  control: RunControl,
  { json, junit }: FuzzOutput,
  tally: (text: string) => void,
): Promise<void> {
  const {
    addFuzzResults,
    campaign,
    expectedRtasCoverage,
    fuzzKind,
    LOG_SHAPE_PREFIX,
    searchToJunit,
    searchToText,
    toRunToken,
  } = await import('../explore/index.ts');
  const start = performance.now();
  const kinds = new Set<string>();
  const coverage = new Set<string>();
  let runs = 0;
  const { outcomes, complete } = await campaign(fuzzKind, ask, crew, {
    ...control,
    onOutcome(fuzzed) {
      runs += fuzzed.runs;
      for (const { rule } of fuzzed.failures) kinds.add(rule);
      for (const [entry] of fuzzed.coverage) coverage.add(entry);
      tally(`${runs} runs, ${coverage.size} coverage entries, rules broken: ${kinds.size}`);
    },
  });
  const found = addFuzzResults(outcomes);
  const seconds = (performance.now() - start) / 1000;
  tally('making failures shorter');
  const { deadline: _, ...unhurried } = control;
  const shorter = await campaign(fuzzKind, ask, crew, {
    ...unhurried,
    slices: found.failures.map((failure) => ({ failure })),
  });
  const { tokenBase } = ask;
  const failures = shorter.outcomes
    .flatMap((each) => each.failures)
    .sort((one, other) => one.choices.length - other.choices.length)
    .map((failure) => ({
      ...failure,
      token: tokenBase ? toRunToken({ ...tokenBase, choices: failure.choices }) : '',
    }));
  await writeOptionalFile(junit, () => searchToJunit(`fuzz ${nameOf(ask)}`, failures));
  if (json) process.stdout.write(`${JSON.stringify({ ...found, failures }, null, 2)}\n`);
  else {
    const rate = found.runs / seconds;
    const shapes = found.coverage.filter(([what]) => what.startsWith(LOG_SHAPE_PREFIX));
    const text = searchToText(
      {
        heading: [
          `${nameOf(ask)}, seed ${ask.seed}`,
          `${found.runs} runs, ${rate.toFixed(rate < 10 ? 1 : 0)} a second; ${found.kept} showed something new and were varied`,
          ...(complete ? [] : [`stopped after ${seconds.toFixed(0)} s, before all of ${ask.runs} runs`]),
          ...(shapes.length > 0 ? [`${shapes.length} shapes of log lines seen`] : []),
        ],
        coverage: found.coverage
          .filter(([what]) => !what.startsWith(LOG_SHAPE_PREFIX))
          .toSorted(([, one], [, other]) => other - one),
        expected: [...expectedRtasCoverage],
        failures,
        safeText: `safe: none of ${found.runs} runs breaks a rule`,
      },
      await painter(),
    );
    process.stdout.write(text);
  }
  process.exitCode = exitStatus(failures.length === 0, ask.gaps ?? false);
}

function nameOf({ target, tokenBase }: FuzzSpec): string {
  if ('scenario' in target) return `${tokenBase?.scenario} on the model`;
  const { kernel } = target;
  if (!kernel) return 'generated scenarios on the model';
  return `generated scenarios on ${kernel.kernel}${kernel.poison ? ', slab poisoning' : ''}`;
}
