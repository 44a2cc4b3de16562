import { Command } from 'commander';
import { exit } from './exit.ts';
import { readTree, reportUnread } from './inputs.ts';
import { addExitStatuses } from './options.ts';

interface Options {
  readonly names?: true;
  readonly json?: true;
}

export function showCommand(): Command {
  return addExitStatuses(
    new Command('show')
      .description('print a device tree, or the subtree at a path, as DTS source')
      .argument(
        '<tree>',
        'DTB (blob), DTS (source), folder such as /proc/device-tree, capture, or - for standard input',
      )
      .argument('[path]', 'path of the node to print', '/')
      .option('--names', 'print only the names of nodes, as an indented tree')
      .option('--json', 'print JSON, values in hex'),
    { 0: 'complete', 2: 'the tree is incomplete' },
  ).action(show);
}

async function show(name: string, path: string, options: Options): Promise<void> {
  const { findByPath, InputError, node: root, printDts, tree } = await import('../devicetree/index.ts');
  const input = await readTree(name);
  const node = findByPath(input.tree, path);
  if (!node)
    throw new InputError(
      'no such node',
      { file: input.name, path },
      { hint: `paths begin with /; transplant show ${name} --names lists the nodes` },
    );
  if (options.names) {
    const { hierarchy, plain } = await import('../report/text/index.ts');
    process.stdout.write(`${hierarchy(path, node, plain, Number.POSITIVE_INFINITY).join('\n')}\n`);
  } else {
    const part = path === '/' ? input.tree : tree(root('', [], [node]));
    if (options.json) {
      const { treeToJson } = await import('../report/index.ts');
      process.stdout.write(`${JSON.stringify(treeToJson(part), null, 2)}\n`);
    } else process.stdout.write(printDts(part, { leaveOutNames: true }), 'latin1');
  }
  reportUnread(input.unread);
  if (input.unread.length > 0) process.exitCode = exit.usage;
}
