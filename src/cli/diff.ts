import { Command, Option } from 'commander';
import { exit } from './exit.ts';
import { reportUnread } from './inputs.ts';
import { checkOneStdin, collect } from './options.ts';
import { painter } from './terminal.ts';

interface Options {
  readonly by: 'phandle' | 'path';
  readonly ignore?: readonly string[];
  readonly json?: true;
  readonly unified?: true;
  readonly report?: string;
}

export function diffCommand(): Command {
  return new Command('diff')
    .description('what differs between two trees')
    .argument('<before>', 'blob, source, folder such as /proc/device-tree, or - for standard input')
    .argument('<after>', 'the same')
    .addOption(
      new Option(
        '--by <identity>',
        'phandle: one partition over time; path: two machines, phandles normalised',
      )
        .choices(['phandle', 'path'])
        .default('phandle'),
    )
    .option('--ignore <pattern>', 'leave out what matches, such as *:phandle (may be repeated)', collect)
    .option('-u, --unified', 'as diff -u would show it, a hunk for each node')
    .option('--json', 'as JSON')
    .option('--report <file>', 'write a page of both trees laid over each other')
    .addHelpText('after', '\nExit status: 0 no difference, 1 different, 2 bad usage or input.')
    .action(diff);
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
  // What one of them hides is no difference between them.
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
      `not compared: ${all.length - changes.length} properties that a capture leaves out\n`,
    );
  const unread = [...old.unread, ...now.unread];
  reportUnread(unread);
  process.exitCode = unread.length > 0 ? exit.usage : changes.length > 0 ? exit.unsafe : exit.safe;
}
