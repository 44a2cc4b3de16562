import { type Command, Option } from 'commander';
import { InputError } from '../base/index.ts';
import { releaseNames } from '../partition/index.ts';

type Declaration = readonly [
  flags: string,
  text: string,
  parse?: (text: string, previous: readonly string[] | undefined) => unknown,
];

/**
 * Options that several commands take: flags and text. Every command takes them from here, so that one option reads the
 * same everywhere.
 */
const sharedOptions = {
  allow: [
    '--allow <rule>',
    'do not count findings of this rule (repeatable; transplant rules lists the rules)',
    collect,
  ],
  clients: [
    '--clients <groups>',
    'clients that run during the migration: readers, requests, binder, operator, dlpar (with commas) or none (default: readers)',
  ],
  cpus: ['--cpus <number>', 'number of CPUs of the partition', Number],
  fault: ['--fault <name[@where]>', 'inject a firmware fault (repeatable; --fault help lists them)', collect],
  firmware: [
    '--firmware <style>',
    'how firmware announces changes: powervm (deletes and adds nodes) or properties (updates properties)',
  ],
  json: ['--json', 'print JSON'],
  junit: ['--junit <file>', 'write the result to a file as JUnit XML'],
  kernel: ['--kernel <name>', 'real kernel to run: debian:6.1, debian:6.12 or the path of a ppc64le vmlinux'],
  kernelPolicy: [
    '--kernel-policy <policy>',
    'with --policy reconcile: the policy of the kernel behind the reconciler',
  ],
  ledger: ['--ledger', 'print every change of a reference count and who made it (model only)'],
  modules: ['--modules <folder>', 'modules for a kernel that is given by path'],
  possibleFaults: [
    '--possible-faults <faults>',
    'firmware faults that may occur, each at most once in a run: names with commas, all or none (default: busy)',
  ],
  poison: ['--poison', 'poison freed memory, so that a use after free causes an oops'],
  policy: [
    '--policy <name>',
    'how the kernel handles deletes and adds of platform facilities: detach, ignore, notify, rebind, attach-subtree, reconcile-in-kernel or reconcile (default: that of its release)',
  ],
  release: ['--release <linux>', `Linux release of the modelled kernel: ${releaseNames.join(', ')}`],
  report: ['--report <file>', 'write the result to a file as an HTML page'],
  seconds: [
    '--seconds <number>',
    'stop after this many seconds and print what was found so far',
    (text: string) => wholeNumber('--seconds', text),
  ],
  trace: ['--trace <file>', 'write every RTAS call to a file, one JSON object per line'],
  times: ['--times <number>', 'number of migrations; every second one goes back to the first server', Number],
} satisfies Readonly<Record<string, Declaration>>;

type SharedOption = keyof typeof sharedOptions;

/** A new option with the shared flags and text. */
export function sharedOption(name: SharedOption): Option {
  const [flags, text, parse]: Declaration = sharedOptions[name];
  const option = new Option(flags, text);
  return parse ? option.argParser(parse as (text: string, previous: unknown) => unknown) : option;
}

/** Adds options to a command, in the given order: shared ones by name, others as they are. */
export function addOptions(command: Command, ...options: readonly (SharedOption | Option)[]): Command {
  for (const option of options) command.addOption(typeof option === 'string' ? sharedOption(option) : option);
  return command;
}

/** Adds the arguments that name a scenario, or the two trees of one. */
export function addScenarioArguments(command: Command): Command {
  return command
    .argument(
      '[scenario]',
      'scenario file, folder with a scenario.yaml, name of an example, or the device tree before the migration (default: platform-facilities)',
    )
    .argument('[after]', 'the device tree after the migration, if the first argument is a device tree');
}

/** Adds the argument that names a scenario, for commands that take no pair of trees. */
export function addScenarioArgument(command: Command): Command {
  return command.argument(
    '[scenario]',
    'scenario file, folder with a scenario.yaml, or name of an example (default: platform-facilities)',
  );
}

/** What each exit status of a command means; 2 also stands for bad usage, 3 for a failure of what the command needs. */
interface ExitStatuses {
  readonly 0: string;
  readonly 1?: string;
  readonly 2?: string;
  readonly 3?: true;
  readonly 4?: string;
}

/** Adds the exit statuses to the help of a command, after notes on how to use it. */
export function addExitStatuses(command: Command, statuses: ExitStatuses, notes = ''): Command {
  const texts = {
    ...statuses,
    2: `bad usage or input${statuses[2] === undefined ? '' : `, or ${statuses[2]}`}`,
    ...(statuses[3] && { 3: 'a program or service that the command needs is missing or fails' }),
  };
  const lines = Object.entries(texts).map(([status, text]) => `  ${status}  ${text}`);
  return command.addHelpText('after', `\n${notes && `${notes}\n\n`}Exit status:\n${lines.join('\n')}`);
}

/** Collects the values of an option that is repeatable. */
export function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value];
}

/** @throws InputError if no rule has a name that --allow gives: a misspelt name would allow nothing */
export async function checkAllowed(names: readonly string[] = []): Promise<readonly string[]> {
  const { rules } = await import('../verdict/index.ts');
  const unknown = names.find((name) => !rules.some((rule) => rule.name === name));
  if (unknown !== undefined)
    throw new InputError(`--allow ${unknown}: no such rule`, {}, { hint: '`transplant rules` lists them' });
  return names;
}

/** @throws InputError if more than one input of a command is standard input, which can be read only once */
export async function checkOneStdin(...inputs: readonly (string | undefined)[]): Promise<void> {
  if (inputs.filter((input) => input === '-').length > 1)
    throw new InputError(
      'standard input can be read only once',
      {},
      { hint: 'use - for one input only; save the other to a file' },
    );
}

/** @throws InputError if the text is no whole number or below the minimum */
export function wholeNumber(option: string, text: string, min = 0): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= min && text.trim() !== '') return number;
  throw new InputError(`${option} takes a whole number${min > 0 ? ` from ${min}` : ''}, not ${text}`);
}
