import { Command } from 'commander';
import { printable } from '../base/index.ts';
import type { Journal, Plan } from '../field/index.ts';
import { exit } from './exit.ts';

interface Options {
  readonly fromCapture?: string;
  readonly release?: string;
  readonly script?: true;
  readonly json?: true;
  readonly apply?: true;
  readonly resume?: true;
  readonly yes?: true;
  readonly journal: string;
  readonly root: string;
}

export function planCommand(): Command {
  return new Command('plan')
    .description(
      "commands that bring a running tree's properties to the wanted state, and what needs a restart",
    )
    .argument('[before]', 'the running tree: a capture of it, or /proc/device-tree on the machine')
    .argument('[after]', 'the tree as it should be')
    .option(
      '--from-capture <capture>',
      'the running tree is that of this capture; the one argument is the wanted tree',
    )
    .option('--release <linux>', 'kernel release of the partition, where no capture tells it')
    .option('--script', 'as a shell script for the partition')
    .option('--json', 'as JSON, values in hex')
    .option('--apply', 'carry it out here: only as root on the partition, after asking')
    .option('--yes', 'do not ask')
    .option('--resume', 'continue an apply that was interrupted')
    .option('--journal <file>', 'where an apply remembers how far it has come', 'transplant-plan.journal')
    .option('--root <folder>', "where the machine's / is, for a trial of --apply on files", '')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing to do or all applied, 1 something to do or an\napply that stopped, 2 bad usage or input.',
    )
    .action(planAction);
}

async function planAction(
  before: string | undefined,
  after: string | undefined,
  options: Options,
): Promise<void> {
  const { planScript, planToJson, resumeJournal } = await import('../field/index.ts');
  if (options.resume) {
    const journal = await resumeJournal(options.journal);
    await show(journal.plan);
    await apply(() => journal, options);
    return;
  }
  const plan = await readPlan(before, after, options);
  if (options.script) process.stdout.write(planScript(plan), 'latin1');
  else if (options.json) process.stdout.write(`${JSON.stringify(planToJson(plan), null, 2)}\n`);
  else await show(plan);
  process.exitCode = plan.steps.length + plan.needsRestart.length === 0 ? exit.safe : exit.unsafe;
  if (!options.apply || plan.steps.length === 0) return;
  const { beginJournal } = await import('../field/index.ts');
  await apply(() => beginJournal(options.journal, plan), options);
}

async function show(plan: Plan): Promise<void> {
  const { planLines } = await import('../field/index.ts');
  const { wrap } = await import('../report/text/index.ts');
  process.stdout.write(`${planLines(plan, wrap).map(printable).join('\n')}\n`);
}

async function readPlan(
  before: string | undefined,
  after: string | undefined,
  options: Options,
): Promise<Plan> {
  const { InputError } = await import('../devicetree/index.ts');
  const { planChanges, readCapture } = await import('../field/index.ts');
  const [from, to] = options.fromCapture === undefined ? [before, after] : [options.fromCapture, before];
  if (from === undefined || to === undefined || (options.fromCapture !== undefined && after !== undefined))
    throw new InputError(
      'a plan needs two trees',
      {},
      { hint: 'plan BEFORE AFTER, or plan --from-capture CAPTURE WANTED' },
    );
  const [running, wanted] = [await readCapture(from), await readCapture(to)];
  for (const [name, { gaps }] of [
    [from, running],
    [to, wanted],
  ] as const) {
    for (const gap of gaps)
      process.stderr.write(`not read: ${gap}
`);
    // A property that could not be read would be planned to be written, or to be taken away.
    if (gaps.length > 0)
      throw new InputError('no plan from a tree with gaps', { file: name }, { hint: 'capture it as root' });
  }
  const { lockdown } = running;
  return planChanges(running.observation.tree, wanted.observation.tree, {
    release: options.release ?? running.observation.platform.release,
    devices: running.observation.devices,
    leftOut: [...running.leftOut, ...wanted.leftOut],
    ...(lockdown !== undefined && { lockdown }),
  });
}

/** @param open gives the journal, once the user has agreed */
async function apply(open: () => Journal | Promise<Journal>, options: Options): Promise<void> {
  const { applyPlan, openLiveTree } = await import('../field/index.ts');
  const live = openLiveTree(options.root, process);
  if (!options.yes && !(await isConfirmed())) {
    process.stderr.write('nothing was changed\n');
    process.exitCode = exit.unsafe;
    return;
  }
  const journal = await open();
  try {
    const say = (line: string) => process.stdout.write(`${printable(line)}\n`);
    const { outcome } = applyPlan(journal.plan, live, journal, say);
    process.exitCode = outcome === 'applied' ? exit.safe : exit.unsafe;
  } finally {
    journal.close();
  }
}

/** Asks on the terminal; somebody who cannot be asked has not agreed. */
async function isConfirmed(): Promise<boolean> {
  const { InputError } = await import('../devicetree/index.ts');
  if (!process.stdin.isTTY)
    throw new InputError('nobody to ask', {}, { hint: 'say --yes to apply without asking' });
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(
      (await terminal.question('Write these properties to the running kernel? [y/N] ')).trim(),
    );
  } finally {
    terminal.close();
  }
}
