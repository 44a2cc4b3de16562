import { Command, Option } from 'commander';
import { InputError, plural } from '../base/index.ts';
import type { Executor, FuzzSpec, SearchSettings } from '../explore/index.ts';
import {
  type ExecutorOptions,
  executorOptions,
  type RunControl,
  runsOption,
  withExecutor,
} from './executor.ts';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { addExitStatuses, addOptions, addScenarioArgument, checkAllowed, wholeNumber } from './options.ts';
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

/** Where and how the result is printed. */
export interface FuzzOutput {
  readonly json?: true;
  readonly junit?: string;
}

export function fuzzCommand(): Command {
  const command = new Command('fuzz').description(
    'run a scenario, or generated scenarios, with random choices; repeat runs that reach new coverage with some choices changed',
  );
  addScenarioArgument(command);
  addOptions(
    command,
    new Option('--generate', 'generate the device trees, firmware style and faults of each run'),
    runsOption(1000),
    new Option('--seed <number>', 'random seed; equal seeds give equal runs')
      .argParser((text) => wholeNumber('--seed', text))
      .default(1),
    'seconds',
    'release',
    'policy',
    'kernelPolicy',
    'clients',
    'possibleFaults',
    'kernel',
    'modules',
    'poison',
    'allow',
    ...executorOptions(),
    'json',
    'junit',
  );
  return addExitStatuses(
    command,
    {
      0: 'no run breaks a rule',
      1: 'a run breaks a rule',
      2: 'no rule is broken but a device tree is incomplete',
      3: true,
    },
    `With --generate and without --policy, each run takes a policy that real kernels
have. --kernel requires --generate.`,
  ).action(fuzzAction);
}

async function fuzzAction(name: string | undefined, options: Options): Promise<void> {
  const { generate, runs, seed, seconds, kernel, modules, poison, allow, ...rest } = options;
  if (kernel !== undefined && !generate)
    throw new InputError(
      '--kernel requires --generate',
      {},
      {
        hint: 'a real kernel schedules its threads itself, so the runs of one scenario would differ only at random',
      },
    );
  if (generate && name !== undefined) throw new InputError('--generate takes no scenario');
  const { digestOf, GENERATED, packScenario, prepareScenario, tokenSettings, generatorOptions } =
    await import('../explore/index.ts');
  const allowed = await checkAllowed(allow);
  const common = { kind: 'fuzz', runs, seed, allowed } as const;
  let spec: FuzzSpec;
  if (generate) {
    const real = kernel === undefined ? undefined : { kernel, modules, poison };
    spec = {
      ...common,
      tokenBase: { scenario: GENERATED, settings: tokenSettings(rest), digest: '' },
      target: { generated: generatorOptions(rest), ...(real && { kernel: real }) },
    };
  } else {
    const input = await readScenario(name);
    const scenario = prepareScenario(input.scenario, rest);
    const tokenBase = { scenario: name ?? 'platform-facilities', settings: tokenSettings(rest) };
    spec = {
      ...common,
      tokenBase: { ...tokenBase, digest: digestOf(scenario) },
      target: { scenario: packScenario(scenario) },
      ...(input.gaps && { gaps: true }),
    };
  }
  await withExecutor(
    rest,
    (executor, control, setSummary) => runFuzz(spec, executor, control, rest, setSummary),
    seconds,
  );
}

/** Runs the fuzzer on an executor and prints the result. */
export async function runFuzz(
  spec: FuzzSpec,
  executor: Executor,
  control: RunControl,
  { json, junit }: FuzzOutput,
  setSummary: (text: string) => void,
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
  const { outcomes, complete } = await campaign(fuzzKind, spec, executor, {
    ...control,
    onOutcome(fuzzed) {
      runs += fuzzed.runs;
      for (const { rule } of fuzzed.failures) kinds.add(rule);
      for (const [entry] of fuzzed.coverage) coverage.add(entry);
      setSummary(`${plural(runs, 'run')}, coverage ${coverage.size}, ${plural(kinds.size, 'broken rule')}`);
    },
  });
  const found = addFuzzResults(outcomes);
  const seconds = (performance.now() - start) / 1000;
  setSummary('shrinking failures');
  const { deadline: _, ...withoutDeadline } = control;
  const shorter = await campaign(fuzzKind, spec, executor, {
    ...withoutDeadline,
    slices: found.failures.map((failure) => ({ failure })),
  });
  const { tokenBase } = spec;
  const failures = shorter.outcomes
    .flatMap((each) => each.failures)
    .sort((one, other) => one.choices.length - other.choices.length)
    .map((failure) => ({
      ...failure,
      token: tokenBase ? toRunToken({ ...tokenBase, choices: failure.choices }) : '',
    }));
  await writeOptionalFile(junit, () => searchToJunit(`fuzz ${nameOf(spec)}`, failures));
  if (json) process.stdout.write(`${JSON.stringify({ ...found, failures }, null, 2)}\n`);
  else {
    const rate = found.runs / seconds;
    const shapes = found.coverage.filter(([what]) => what.startsWith(LOG_SHAPE_PREFIX));
    const text = searchToText(
      {
        heading: [
          `${nameOf(spec)}, seed ${spec.seed}`,
          `${plural(found.runs, 'run')}, ${rate.toFixed(rate < 10 ? 1 : 0)} per second; ${found.kept} reached new coverage and were varied`,
          ...(complete ? [] : [`stopped after ${seconds.toFixed(0)} s, before all ${spec.runs} runs`]),
          ...(shapes.length > 0 ? [`${plural(shapes.length, 'kind')} of log lines seen`] : []),
        ],
        coverage: found.coverage
          .filter(([what]) => !what.startsWith(LOG_SHAPE_PREFIX))
          .toSorted(([, one], [, other]) => other - one),
        expected: [...expectedRtasCoverage],
        failures,
        safeText: `safe: no rule is broken in ${plural(found.runs, 'run')}`,
      },
      await painter(),
    );
    process.stdout.write(text);
  }
  process.exitCode = exitStatus(failures.length === 0, spec.gaps ?? false);
}

function nameOf({ target, tokenBase }: FuzzSpec): string {
  if ('scenario' in target) return `${tokenBase?.scenario} on the model`;
  const { kernel } = target;
  if (!kernel) return 'generated scenarios on the model';
  return `generated scenarios on ${kernel.kernel}${kernel.poison ? ', slab poisoning' : ''}`;
}
