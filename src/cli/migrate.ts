import { Command } from 'commander';
import { InputError } from '../base/index.ts';
import type { Boot, Scenario } from '../migration/index.ts';
import { releaseNames } from '../partition/index.ts';
import type { Run } from '../verdict/index.ts';
import { exit } from './exit.ts';
import { exitStatus, readScenario } from './inputs.ts';
import { checkAllowed, collect } from './options.ts';
import { printRun, type RunOutput } from './print-run.ts';
import { interruptSignal, progress } from './terminal.ts';

interface Options extends RunOutput {
  readonly policy?: string;
  readonly kernelPolicy?: string;
  readonly release?: string;
  readonly firmware?: string;
  readonly fault?: readonly string[];
  readonly times?: number;
  readonly permitForbidden?: true;
  readonly cpus?: number;
  readonly seed?: number;
  readonly allow?: readonly string[];
  readonly kernel?: string;
  readonly modules?: string;
  readonly servers?: string;
  readonly poison?: true;
  readonly snapshot: boolean;
  readonly trace?: string;
  readonly againstModel?: true;
}

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('migrate a partition and see what broke, and who held it')
    .argument('[scenario]', 'scenario file, folder that holds one, name of an example, or the tree before')
    .argument('[after]', 'the tree after, where the first names a tree')
    .option('--release <linux>', `release of the modelled kernel: ${releaseNames.join(', ')}`)
    .option('--policy <name>', 'how deletes and adds of platform-facilities are treated; compare lists them')
    .option(
      '--kernel-policy <policy>',
      'with --policy reconcile: the policy of the kernel behind the reconciler',
    )
    .option('--firmware <style>', 'how firmware announces its changes: powervm, properties')
    .option(
      '--fault <name[@where]>',
      'a fault of the firmware (may be repeated; --fault help lists them)',
      collect,
    )
    .option('--permit-forbidden', 'let firmware delete and add what PAPR lets no migration delete or add')
    .option('--times <number>', 'how often to migrate, there and back again', Number)
    .option('--cpus <number>', 'CPUs of the partition', Number)
    .option('--seed <number>', 'let threads take turns at random (model only)', Number)
    .option(
      '--allow <rule>',
      'a rule whose findings do not count (may be repeated; transplant rules lists them)',
      collect,
    )
    .option('--ledger', 'every step of every reference count, with who took or dropped it (model only)')
    .option('--json', 'the whole run as JSON')
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--report <file>', 'write a page that shows the run, one HTML file')
    .optionsGroup('On a real kernel under QEMU:')
    .option('--kernel <name>', 'debian:6.1, debian:6.12, or the path of a ppc64le vmlinux')
    .option('--modules <folder>', 'modules of the kernel at that path')
    .option('--servers <number>', '2: the guest really moves to another QEMU while it is suspended')
    .option('--poison', 'poison freed memory, so that its use oopses')
    .option('--no-snapshot', 'boot from power-on, and keep nothing')
    .option('--trace <file>', 'write every RTAS call as a line of JSON')
    .option('--against-model', 'run the model as well, and say where the two disagree')
    .addHelpText(
      'after',
      '\nExit status: 0 safe, 1 damaged or stale (or model and kernel disagree), 2 bad\nusage or input, 3 environment.',
    )
    .action(migrateAction);
}

async function migrateAction(
  first: string | undefined,
  second: string | undefined,
  options: Options,
): Promise<void> {
  if (options.fault?.includes('help')) return listFaults();
  const { migrate, overrideScenario } = await import('../migration/index.ts');
  const allow = await checkAllowed(options.allow);
  const input = await readScenario(first, second);
  const scenario = overrideScenario(input.scenario, options);
  const run = await migrate(scenario, await chooseBoot(options), allow);
  await printRun(run, options);
  process.exitCode = exitStatus(run.verdict.outcome === 'safe', input.gaps);
  if (options.againstModel) await compareWithModel(scenario, run);
}

async function chooseBoot(options: Options): Promise<Boot | undefined> {
  const { kernel, modules, servers, poison, snapshot, trace } = options;
  if (kernel === undefined) {
    const needing = {
      modules,
      servers,
      poison,
      trace,
      'no-snapshot': snapshot ? undefined : true,
      'against-model': options.againstModel,
    };
    const given = firstGiven(needing);
    if (given)
      throw new InputError(
        `--${given} goes with --kernel`,
        {},
        { hint: 'name a real kernel, such as --kernel debian:6.12' },
      );
    return undefined;
  }
  const { release, seed, ledger } = options;
  const given = firstGiven({ release, seed, ledger });
  if (given)
    throw new InputError(
      `--${given} is for the modelled kernel`,
      {},
      { hint: 'leave it out, or leave --kernel out' },
    );
  if (servers !== undefined && servers !== '1' && servers !== '2')
    throw new InputError(`--servers takes 1 or 2, not ${servers}`);
  const { bootLinuxWith } = await import('../migration/boot-linux.ts');
  const { traceToFile } = await import('../field/index.ts');
  return bootLinuxWith({
    kernel,
    snapshot,
    progress,
    signal: interruptSignal(),
    ...(modules !== undefined && { modules }),
    ...(servers === '2' && { servers: 2 }),
    ...(poison && { poison }),
    ...(trace !== undefined && { trace: traceToFile(trace) }),
  });
}

/** Name of the first option that the user gave. */
function firstGiven(options: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(options).find((name) => options[name] !== undefined);
}

async function compareWithModel(scenario: Scenario, real: Run): Promise<void> {
  const { disagreements, incomparableFrom, migrate, modelOf } = await import('../migration/index.ts');
  const { disagreementsToText } = await import('../report/index.ts');
  const model = await migrate(modelOf(scenario, real));
  const found = disagreements(real, model);
  if (found.length > 0) process.stderr.write(`${disagreementsToText(found)}\n`);
  const upTo = incomparableFrom(model);
  process.stderr.write(
    found.length === 0
      ? `model and kernel agree${upTo ? `, as far as they can be compared: ${upTo.reason}` : ''}\n`
      : `model and kernel disagree in ${found.length}\n`,
  );
  if (found.length > 0) process.exitCode = exit.unsafe;
}

async function listFaults(): Promise<void> {
  const { faultNames } = await import('../firmware/index.ts');
  const { wrap } = await import('../report/text/index.ts');
  const width = Math.max(...Object.keys(faultNames).map((name) => name.length)) + 2;
  const lines = Object.entries(faultNames).flatMap(([name, what]) =>
    wrap(what, 80 - width).map((line, at) => `${(at === 0 ? name : '').padEnd(width)}${line}`),
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}
