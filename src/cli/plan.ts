import { Command, Option } from 'commander';
import { printable } from '../base/index.ts';
import type { Journal, Plan } from '../field/index.ts';
import { exit } from './exit.ts';
import { reportUnread } from './inputs.ts';
import { addExitStatuses } from './options.ts';

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
  return addExitStatuses(
    new Command('plan')
      .description(
        'plan the property writes that bring a running device tree to the wanted state; list what needs a restart',
      )
      .argument('[running]', 'the running tree: capture or sosreport, or /proc/device-tree on the partition')
      .argument('[wanted]', 'the wanted tree, in any form that diff takes')
      .option(
        '--from-capture <capture>',
        'take the running tree from this capture; the only argument is then the wanted tree',
      )
      .option('--release <linux>', 'kernel release of the partition, if the capture does not contain it')
      .option('--script', 'print a shell script to run on the partition')
      .option('--json', 'print JSON, values in hex')
      .option(
        '--apply',
        'write the properties to the running kernel, after confirmation (on the partition, as root)',
      )
      .option('--yes', 'with --apply: do not ask for confirmation')
      .option('--resume', 'continue an --apply that was interrupted')
      .option(
        '--journal <file>',
        'with --apply and --resume: file that records which properties are written',
        'transplant-plan.journal',
      )
      .addOption(
        new Option(
          '--root <folder>',
          'with --apply: root folder of the file system, to test on a copy',
        ).default('', '/'),
      ),
    { 0: 'nothing to do, or everything applied', 1: 'something to do, or --apply stopped' },
  ).action(planAction);
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
      { hint: 'transplant plan BEFORE AFTER, or transplant plan --from-capture CAPTURE WANTED' },
    );
  const [running, wanted] = [await readCapture(from), await readCapture(to)];
  for (const [name, { gaps }] of [
    [from, running],
    [to, wanted],
  ] as const) {
    reportUnread(gaps);
    // A plan would write or remove a property that is only missing because it could not be read.
    if (gaps.length > 0)
      throw new InputError(
        'the tree is incomplete, so no plan can be made',
        { file: name },
        { hint: 'capture it as root' },
      );
  }
  const { lockdown } = running;
  return planChanges(running.observation.tree, wanted.observation.tree, {
    release: options.release ?? running.observation.platform.release,
    devices: running.observation.devices,
    leftOut: [...running.leftOut, ...wanted.leftOut],
    ...(lockdown !== undefined && { lockdown }),
  });
}

/** @param open opens the journal; called after the user has confirmed */
async function apply(open: () => Journal | Promise<Journal>, options: Options): Promise<void> {
  const { applyPlan, openLiveTree } = await import('../field/index.ts');
  const live = openLiveTree(options.root, process);
  if (!options.yes && !(await isConfirmed())) {
    process.stderr.write('not confirmed; nothing was changed\n');
    process.exitCode = exit.unsafe;
    return;
  }
  const journal = await open();
  try {
    const print = (line: string) => process.stdout.write(`${printable(line)}\n`);
    const { outcome } = applyPlan(journal.plan, live, journal, print);
    process.exitCode = outcome === 'applied' ? exit.safe : exit.unsafe;
  } finally {
    journal.close();
  }
}

/** @throws InputError if standard input is no terminal: without an answer nothing is written */
async function isConfirmed(): Promise<boolean> {
  const { InputError } = await import('../devicetree/index.ts');
  if (!process.stdin.isTTY)
    throw new InputError(
      'standard input is no terminal, so it cannot ask for confirmation',
      {},
      { hint: 'use --yes to apply without confirmation' },
    );
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
