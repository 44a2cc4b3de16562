import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';

interface Options {
  readonly output?: string;
  readonly open: boolean;
}

export function viewCommand(): Command {
  return new Command('view')
    .description('write an HTML page of stored runs and open it in a browser')
    .argument('<run>', 'output of migrate --json, compare --json or replay --json, or - for standard input')
    .option(
      '-o, --output <file>',
      'page to write (default: the name of the run with .html; transplant-run.html for standard input)',
    )
    .option('--no-open', 'write the page without opening it')
    .action(viewAction);
}

async function viewAction(path: string, options: Options): Promise<void> {
  const { InputError } = await import('../devicetree/index.ts');
  const { writeOutput } = await import('../base/write-output.ts');
  const { pageToHtml, readRuns, runsPage } = await import('../report/index.ts');
  const isPiped = path === '-';
  const file = isPiped ? '<stdin>' : path;
  const stored = isPiped ? text(process.stdin) : readFile(path, 'utf8');
  const json = await stored.catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`cannot read: ${error.code ?? String(error)}`, { file });
  });
  try {
    const page = pageToHtml(runsPage(readRuns(JSON.parse(json))));
    const stem = isPiped ? 'transplant-run' : path.replace(/\.json$/, '');
    const output = options.output ?? `${stem}.html`;
    await writeOutput(output, page);
    process.stderr.write(`${output}\n`);
    if (options.open) open(resolve(output));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`not JSON: ${error.message}`, { file });
    throw error instanceof InputError ? error.at({ file }) : error;
  }
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['explorer'],
};

/** Opens the page in a browser. Without a browser the page is still written, so this is no error. */
function open(path: string): void {
  const [program = 'xdg-open', ...args] = openers[process.platform] ?? [];
  const child = spawn(program, [...args, path], { stdio: 'ignore', detached: true });
  child.on('error', () => process.stderr.write('no browser found; open the page yourself\n'));
  child.unref();
}
