import { Command, Option } from 'commander';
import { InputError, plural } from '../base/index.ts';
import type { Boot, Scenario } from '../migration/index.ts';
import type { Run } from '../verdict/index.ts';
import { exit } from './exit.ts';
import { exitStatus, readScenario } from './inputs.ts';
import { addExitStatuses, addOptions, addScenarioArguments, checkAllowed } from './options.ts';
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
  const command = new Command('migrate').description(
    'migrate a partition and report what broke and which references were involved',
  );
  addScenarioArguments(command);
  addOptions(
    command,
    'release',
    'policy',
    'kernelPolicy',
    'firmware',
    'fault',
    new Option(
      '--permit-forbidden',
      'let firmware also delete and add nodes that PAPR does not permit a migration to delete or add',
    ),
    'times',
    'cpus',
    new Option('--seed <number>', 'schedule threads in a random order, by this seed (model only)').argParser(
      Number,
    ),
    'allow',
    'ledger',
    'json',
    'junit',
    'report',
  );
  return addExitStatuses(
    addOptions(
      command.optionsGroup('Options for a real kernel under QEMU:'),
      'kernel',
      'modules',
      new Option(
        '--servers <number>',
        'QEMU instances, 1 or 2; with 2 the suspended guest moves to the other instance (default: 1)',
      ),
      'poison',
      new Option('--no-snapshot', 'boot from power-on, without loading or storing a snapshot'),
      'trace',
      new Option('--against-model', 'also run the model and report where it and the kernel disagree'),
    ),
    {
      0: 'safe',
      1: 'damaged or stale, or model and kernel disagree',
      2: 'safe but a device tree is incomplete',
      3: true,
    },
  ).action(migrateAction);
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
        `--${given} requires --kernel`,
        {},
        { hint: 'add a real kernel, such as --kernel debian:6.12' },
      );
    return undefined;
  }
  const { release, seed, ledger } = options;
  const given = firstGiven({ release, seed, ledger });
  if (given)
    throw new InputError(
      `--${given} works only on the modelled kernel`,
      {},
      { hint: `remove --${given} or --kernel` },
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
      ? `model and kernel agree${upTo ? ` up to a known difference: ${upTo.reason}` : ''}\n`
      : `model and kernel disagree: ${plural(found.length, 'disagreement')}\n`,
  );
  if (found.length > 0) process.exitCode = exit.unsafe;
}

const FAULT_FORMS = `Forms:
  NAME             at the first place where it is possible
  NAME@FUNCTION    at this RTAS function, such as busy@ibm,update-nodes
  NAME@/PATH       at the node with this path
  NAME@HEX         at the node with this phandle, or the connector with this DRC
                   index
  NAME…*NUMBER     this many times, such as busy*2`;

async function listFaults(): Promise<void> {
  const { faultNames } = await import('../firmware/index.ts');
  const { wrap } = await import('../report/text/index.ts');
  const width = Math.max(...Object.keys(faultNames).map((name) => name.length)) + 2;
  const lines = Object.entries(faultNames).flatMap(([name, what]) =>
    wrap(what, 80 - width).map((line, at) => `${(at === 0 ? name : '').padEnd(width)}${line}`),
  );
  process.stdout.write(`${lines.join('\n')}\n\n${FAULT_FORMS}\n`);
}
