import { Command } from 'commander';
import { pickedOf, recording } from '../choice/index.ts';
import { InputError } from '../devicetree/index.ts';
import type { Said, Subject } from '../explore/index.ts';
import type { Scenario } from '../migration/index.ts';
import { exitOf, readScenario } from './inputs.ts';
import { checkAllowed, collect } from './options.ts';
import { interruption, painter, progress, progressLine } from './terminal.ts';

interface Options extends Said {
  readonly generate?: true;
  readonly runs: number;
  readonly seed: number;
  readonly kernel?: string;
  readonly poison?: true;
  readonly allow?: readonly string[];
  readonly json?: true;
}

export function fuzzCommand(): Command {
  return new Command('fuzz')
    .description('run a scenario, or generated ones, by chance; what shows something new is varied')
    .argument('[scenario]', 'scenario file, folder that holds one, or name of an example')
    .option('--generate', 'make up trees, style and faults for each run')
    .option('--runs <number>', 'how many runs', Number, 1000)
    .option('--seed <number>', 'the same seed gives the same runs', Number, 1)
    .option('--release <linux>', 'release of the modelled kernel: 5.10, 6.1, 6.12, 7.2')
    .option('--policy <name>', 'policy; with --generate, absent: any that real kernels have')
    .option('--under <policy>', 'with --policy reconcile: the policy of the kernel behind the reconciler')
    .option('--with <crowd>', 'who is in the partition meanwhile, see explore')
    .option('--perhaps <faults>', 'faults that may strike once each, with commas; all or none')
    .option('--kernel <name>', 'with --generate: on a real kernel under QEMU')
    .option('--poison', 'with --kernel: poison freed memory, so that its use oopses')
    .option('--allow <rule>', 'a rule whose findings do not count (may be repeated)', collect)
    .option('--json', 'what was found as JSON')
    .addHelpText(
      'after',
      '\nExit status: 0 no run breaks a rule, 1 one does, 2 bad usage or\ninput, 3 environment.',
    )
    .action(fuzzAction);
}

async function fuzzAction(name: string | undefined, options: Options): Promise<void> {
  const { generate, runs, seed, kernel, poison, allow, json, ...said } = options;
  checkCount('--runs', runs);
  checkCount('--seed', seed);
  if (kernel !== undefined && !generate)
    throw new InputError(
      '--kernel goes with --generate',
      {},
      { hint: 'the threads of a real kernel go as they like' },
    );
  if (generate && name !== undefined) throw new InputError('--generate takes no scenario');
  const { continued, digestOf, fuzz, generated, prepare, searchToText, settingsOf, split, toRunToken } =
    await import('../explore/index.ts');
  const allowed = await checkAllowed(allow);
  const input = generate ? undefined : await readScenario(name);
  const scenario = input && prepare(input.scenario, said);
  const subject = scenario
    ? await modelSubject(scenario, allowed)
    : kernel === undefined
      ? await generatedSubject(said, allowed)
      : await realSubject(said, allowed, kernel, poison === true);
  const line = progressLine();
  const start = performance.now();
  const found = await fuzz(subject, {
    runs,
    seed,
    ...(kernel !== undefined && { shrinkRuns: 20 }),
    goOn(done, failures, sights) {
      line.show(() => `${done} of ${runs} runs, ${sights} sights, ${failures} kinds of failure`);
      return true;
    },
  });
  line.end();
  const rate = found.runs / ((performance.now() - start) / 1000);
  const failures = found.failures.map((failure) => ({
    ...failure,
    token: toRunToken({
      scenario: scenario ? (name ?? 'platform-facilities') : generated,
      settings: settingsOf(said),
      digest: scenario ? digestOf(scenario) : '',
      choices: failure.choices,
    }),
  }));
  if (json) process.stdout.write(`${JSON.stringify({ ...found, failures }, null, 2)}\n`);
  else {
    const where = kernel === undefined ? 'model' : `${kernel}${poison ? ', slab poisoning' : ''}`;
    const text = searchToText(
      {
        heading: [
          `${scenario?.name ?? 'generated scenarios'} on the ${where}, seed ${seed}`,
          `${found.runs} runs, ${rate.toFixed(rate < 10 ? 1 : 0)} a second; ${found.kept} showed something new and were varied`,
        ],
        sights: found.sights.toSorted(([, one], [, other]) => other - one),
        hoped: [continued, split],
        failures,
        clean: `safe: none of ${found.runs} runs breaks a rule`,
      },
      await painter(),
    );
    process.stdout.write(text);
  }
  process.exitCode = exitOf(failures.length === 0, input?.gaps ?? false);
}

async function modelSubject(scenario: Scenario, allowed: readonly string[]): Promise<Subject> {
  const { Looking } = await import('../explore/index.ts');
  const { play } = await import('../migration/index.ts');
  return (chooser) => {
    const looking = new Looking();
    const played = play(scenario, { chooser, onCall: looking.onCall, allowed });
    return { verdict: played.verdict, sights: looking.end(played) };
  };
}

async function generatedSubject(said: Said, allowed: readonly string[]): Promise<Subject> {
  const { generateScenario, Looking, settledBy } = await import('../explore/index.ts');
  const { play } = await import('../migration/index.ts');
  const settled = settledBy(said);
  return (chooser) => {
    const looking = new Looking();
    const played = play(generateScenario(chooser, settled), { chooser, onCall: looking.onCall, allowed });
    return { verdict: played.verdict, sights: looking.end(played) };
  };
}

/** The model goes first: it says what firmware is going to choose. */
async function realSubject(
  said: Said,
  allowed: readonly string[],
  kernel: string,
  poison: boolean,
): Promise<Subject> {
  const { generateScenario, Looking, settledBy } = await import('../explore/index.ts');
  const { migrate, play } = await import('../migration/index.ts');
  const { bootLinuxWith } = await import('../migration/boot-linux.ts');
  const boot = bootLinuxWith({ kernel, poison, progress, signal: interruption() });
  const settled = settledBy(said);
  return async (chooser) => {
    const looking = new Looking();
    const scenario = generateScenario(chooser, settled);
    const ofRun = recording(chooser);
    looking.end(play(scenario, { chooser: ofRun, onCall: looking.onCall, allowed }));
    const { verdict } = await migrate({ ...scenario, choices: pickedOf(ofRun.choices) }, boot, allowed);
    for (const { rule } of verdict.findings) looking.seen.add(`rule ${rule} on the real kernel`);
    return { verdict, sights: looking.seen };
  };
}

function checkCount(option: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) throw new InputError(`${option} takes a whole number`);
}
