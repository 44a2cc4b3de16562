import { Command, Option } from 'commander';
import { exit } from './exit.ts';
import { tellUnread } from './inputs.ts';
import { checkOneStdin, collect } from './options.ts';
import { painter } from './terminal.ts';

interface Options {
  readonly by: 'phandle' | 'path';
  readonly ignore?: readonly string[];
  readonly json?: true;
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
    .option('--json', 'as JSON')
    .option('--report <file>', 'write a page of both trees laid over each other')
    .addHelpText('after', '\nExit status: 0 no difference, 1 different, 2 bad usage or input.')
    .action(diff);
}

async function diff(
  before: string,
  after: string,
  { by, ignore = [], json, report }: Options,
): Promise<void> {
  const { diffTrees } = await import('../devicetree/index.ts');
  const { readInput, writeWhole } = await import('../field/index.ts');
  const { diffPage, diffToJson, diffToText, pageToHtml } = await import('../report/index.ts');
  const paint = await painter();
  await checkOneStdin(before, after);
  const [old, now] = [await readInput(before), await readInput(after)];
  const changes = diffTrees(old.tree, now.tree, { by, ignore });
  if (report !== undefined)
    await writeWhole(report, pageToHtml(diffPage(`${before} → ${after}`, old, now, changes)));
  process.stdout.write(
    json
      ? `${JSON.stringify(diffToJson(changes), null, 2)}\n`
      : diffToText(changes, old.tree, now.tree, paint),
  );
  const unread = [...old.unread, ...now.unread];
  tellUnread(unread);
  process.exitCode = unread.length > 0 ? exit.usage : changes.length > 0 ? exit.unsafe : exit.safe;
}
