import { Command } from 'commander';
import { InputError } from '../base/index.ts';
import type { Crew, FuzzAsk, Said } from '../explore/index.ts';
import { addExecutorOptions, type ExecutorOptions, type RunControl, withExecutor } from './executor.ts';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { checkAllowed, collect, wholeNumber } from './options.ts';
import { painter } from './terminal.ts';

interface Options extends Said, ExecutorOptions, FuzzOutput {
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
    .option('--release <linux>', 'release of the modelled kernel: 5.10, 6.1, 6.12, 7.2')
    .option('--policy <name>', 'policy; with --generate, absent: any that real kernels have')
    .option('--under <policy>', 'with --policy reconcile: the policy of the kernel behind the reconciler')
    .option('--with <crowd>', 'who is in the partition meanwhile, see explore')
    .option('--perhaps <faults>', 'faults that may strike once each, with commas; all or none')
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
  const { digestOf, generated, pack, prepare, settingsOf, settledBy } = await import('../explore/index.ts');
  const allowed = await checkAllowed(allow);
  const common = { kind: 'fuzz', runs, seed, allowed } as const;
  let ask: FuzzAsk;
  if (generate) {
    const real = kernel === undefined ? undefined : { kernel, modules, poison };
    ask = {
      ...common,
      about: { scenario: generated, settings: settingsOf(rest), digest: '' },
      subject: { generated: settledBy(rest), ...(real && { kernel: real }) },
    };
  } else {
    const input = await readScenario(name);
    const scenario = prepare(input.scenario, rest);
    const about = { scenario: name ?? 'platform-facilities', settings: settingsOf(rest) };
    ask = {
      ...common,
      about: { ...about, digest: digestOf(scenario) },
      subject: { scenario: pack(scenario) },
      ...(input.gaps && { gaps: true }),
    };
  }
  await withExecutor(rest, (crew, control, tally) => runFuzz(ask, crew, control, rest, tally), seconds);
}

/** Has a subject fuzzed, and tells what was found. */
export async function runFuzz(
  ask: FuzzAsk,
  crew: Crew,
  control: RunControl,
  { json, junit }: FuzzOutput,
  tally: (text: string) => void,
): Promise<void> {
  const {
    addFuzzed,
    campaign,
    expectedRtasCoverage,
    fuzzKind,
    logShape,
    searchToJunit,
    searchToText,
    toRunToken,
  } = await import('../explore/index.ts');
  const start = performance.now();
  const kinds = new Set<string>();
  const sights = new Set<string>();
  let runs = 0;
  const { outcomes, complete } = await campaign(fuzzKind, ask, crew, {
    ...control,
    onOutcome(fuzzed) {
      runs += fuzzed.runs;
      for (const { rule } of fuzzed.failures) kinds.add(rule);
      for (const [sight] of fuzzed.sights) sights.add(sight);
      tally(`${runs} runs, ${sights.size} sights, rules broken: ${kinds.size}`);
    },
  });
  const found = addFuzzed(outcomes);
  const seconds = (performance.now() - start) / 1000;
  tally('making failures shorter');
  const { deadline: _, ...unhurried } = control;
  const shorter = await campaign(fuzzKind, ask, crew, {
    ...unhurried,
    later: found.failures.map((failure) => ({ failure })),
  });
  const { about } = ask;
  const failures = shorter.outcomes
    .flatMap((each) => each.failures)
    .sort((one, other) => one.choices.length - other.choices.length)
    .map((failure) => ({
      ...failure,
      token: about ? toRunToken({ ...about, choices: failure.choices }) : '',
    }));
  await writeOptionalFile(junit, () => searchToJunit(`fuzz ${nameOf(ask)}`, failures));
  if (json) process.stdout.write(`${JSON.stringify({ ...found, failures }, null, 2)}\n`);
  else {
    const rate = found.runs / seconds;
    const shapes = found.sights.filter(([what]) => what.startsWith(logShape));
    const text = searchToText(
      {
        heading: [
          `${nameOf(ask)}, seed ${ask.seed}`,
          `${found.runs} runs, ${rate.toFixed(rate < 10 ? 1 : 0)} a second; ${found.kept} showed something new and were varied`,
          ...(complete ? [] : [`stopped after ${seconds.toFixed(0)} s, before all of ${ask.runs} runs`]),
          ...(shapes.length > 0 ? [`${shapes.length} shapes of log lines seen`] : []),
        ],
        sights: found.sights
          .filter(([what]) => !what.startsWith(logShape))
          .toSorted(([, one], [, other]) => other - one),
        hoped: [...expectedRtasCoverage],
        failures,
        clean: `safe: none of ${found.runs} runs breaks a rule`,
      },
      await painter(),
    );
    process.stdout.write(text);
  }
  process.exitCode = exitStatus(failures.length === 0, ask.gaps ?? false);
}

function nameOf({ subject, about }: FuzzAsk): string {
  if ('scenario' in subject) return `${about?.scenario} on the model`;
  const { kernel } = subject;
  if (!kernel) return 'generated scenarios on the model';
  return `generated scenarios on ${kernel.kernel}${kernel.poison ? ', slab poisoning' : ''}`;
}
