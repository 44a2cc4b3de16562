import { Command, Option } from 'commander';
import { plural } from '../base/index.ts';
import { exit } from './exit.ts';
import { reportUnread } from './inputs.ts';
import { addExitStatuses, addOptions, checkOneStdin, collect } from './options.ts';
import { painter } from './terminal.ts';

interface Options {
  readonly by: 'phandle' | 'path';
  readonly ignore?: readonly string[];
  readonly json?: true;
  readonly unified?: true;
  readonly report?: string;
}

export function diffCommand(): Command {
  const command = new Command('diff')
    .description('print the differences between two device trees')
    .argument(
      '<before>',
      'DTB (blob), DTS (source), folder such as /proc/device-tree, capture, or - for standard input',
    )
    .argument('<after>', 'the tree to compare with, in any of these forms')
    .addOption(
      new Option(
        '--by <identity>',
        'match nodes by phandle (one partition at two times) or by path (two machines; phandles are normalised)',
      )
        .choices(['phandle', 'path'])
        .default('phandle'),
    )
    .option('--ignore <pattern>', 'ignore matching properties, such as *:phandle (repeatable)', collect)
    .option('-u, --unified', 'print in the format of diff -u, one hunk for each node');
  return addExitStatuses(
    addOptions(command, 'json', 'report'),
    { 0: 'no difference', 1: 'different', 2: 'a tree is incomplete' },
    'A pattern is PATH:PROPERTY; * matches any text.',
  ).action(diff);
}

async function diff(
  before: string,
  after: string,
  { by, ignore = [], unified, json, report }: Options,
): Promise<void> {
  const { diffTrees, joinPath, withoutIgnored } = await import('../devicetree/index.ts');
  const { readInput } = await import('../field/index.ts');
  const { writeOutput } = await import('../base/write-output.ts');
  const { diffToText, diffToUnified } = await import('../report/text/index.ts');
  const paint = await painter();
  await checkOneStdin(before, after);
  const [old, now] = [await readInput(before), await readInput(after)];
  // A property that one capture leaves out is unknown, not different.
  const hidden = new Set([...old.leftOut, ...now.leftOut]);
  const all = diffTrees(old.tree, now.tree, { by, ignore });
  const changes = all.filter(
    (change) =>
      !('name' in change) ||
      (!hidden.has(joinPath(change.before.path, change.name)) &&
        !hidden.has(joinPath(change.after.path, change.name))),
  );
  if (report !== undefined) {
    const { diffPage, pageToHtml } = await import('../report/index.ts');
    const shown = (input: typeof old) => ({ ...input, tree: withoutIgnored(input.tree, ignore) });
    const page = diffPage(`${before} → ${after}`, shown(old), shown(now), changes);
    await writeOutput(report, pageToHtml(page));
  }
  process.stdout.write(
    json
      ? `${JSON.stringify((await import('../report/index.ts')).diffToJson(changes), null, 2)}\n`
      : unified
        ? diffToUnified(changes, old, now, paint)
        : diffToText(changes, old.tree, now.tree, paint),
  );
  if (changes.length < all.length)
    process.stderr.write(
      `not compared: ${plural(all.length - changes.length, 'property')} that a capture leaves out\n`,
    );
  const unread = [...old.unread, ...now.unread];
  reportUnread(unread);
  process.exitCode = unread.length > 0 ? exit.usage : changes.length > 0 ? exit.unsafe : exit.safe;
}
