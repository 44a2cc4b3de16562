import { Command } from 'commander';
import { exit } from './exit.ts';
import { readTree, reportUnread } from './inputs.ts';

interface Options {
  readonly names?: true;
  readonly json?: true;
}

export function showCommand(): Command {
  return new Command('show')
    .description('print a tree, or the part of it below a path, as source')
    .argument('<tree>', 'blob, source, folder such as /proc/device-tree, or - for standard input')
    .argument('[path]', 'path of a node', '/')
    .option('--names', 'names of nodes only, as tree -d shows them')
    .option('--json', 'as JSON, values in hex')
    .action(show);
}

async function show(name: string, path: string, options: Options): Promise<void> {
  const { findByPath, InputError, node: root, printDts, tree } = await import('../devicetree/index.ts');
  const input = await readTree(name);
  const node = findByPath(input.tree, path);
  if (!node)
    throw new InputError(
      'no such node',
      { file: input.name, path },
      { hint: `paths begin with /; transplant show ${name} --names shows what is there` },
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
