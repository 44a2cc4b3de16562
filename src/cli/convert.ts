import { Command, Option } from 'commander';
import { exit } from './exit.ts';
import { reportUnread } from './inputs.ts';
import { addExitStatuses } from './options.ts';

interface Options {
  readonly to?: 'dtb' | 'dts' | 'directory';
  readonly output: string;
  readonly blobVersion?: string;
  readonly repack?: true;
}

export function convertCommand(): Command {
  return addExitStatuses(
    new Command('convert')
      .description('convert a device tree between DTB (blob), DTS (source) and folder')
      .argument(
        '<tree>',
        'DTB (blob), DTS (source), folder such as /proc/device-tree, capture, or - for standard input',
      )
      .option('-o, --output <path>', 'file or folder to write, or - for standard output', '-')
      .addOption(
        new Option(
          '-t, --to <form>',
          'form to write (default: by the name after -o: .dtb, .dts, or a folder that ends in /)',
        ).choices(['dtb', 'dts', 'directory']),
      )
      .addOption(
        new Option(
          '--blob-version <number>',
          'version of the blob (default: that of the input blob, else 17)',
        ).choices(['16', '17']),
      )
      .option('--repack', 'order the blocks of the blob as dtc does, instead of as in the input blob'),
    { 0: 'complete', 2: 'the tree is incomplete' },
  ).action(convert);
}

async function convert(name: string, options: Options): Promise<void> {
  const { InputError, printDts, writeDtb } = await import('../devicetree/index.ts');
  const { readInput } = await import('../field/index.ts');
  const { writeOutput } = await import('../base/write-output.ts');
  const form = options.to ?? formOf(options.output);
  if (!form)
    throw new InputError(
      `the name ${options.output} does not say which form to write`,
      {},
      { hint: 'add --to dtb, --to dts or --to directory' },
    );
  const input = await readInput(name);
  if (form === 'directory') {
    if (options.output === '-')
      throw new InputError(
        'a folder cannot be written to standard output',
        {},
        { hint: 'name the folder with -o' },
      );
    const { writeDirectory } = await import('../devicetree/directory.ts');
    await writeDirectory(input.tree, options.output);
  } else {
    const version = options.blobVersion === '16' ? 16 : options.blobVersion === '17' ? 17 : undefined;
    const bytes =
      form === 'dts'
        ? Buffer.from(printDts(input.tree, { leaveOutNames: true }), 'latin1')
        : writeDtb(input.tree, { ...(version && { version }), ...(options.repack && { repack: true }) });
    if (options.output === '-') process.stdout.write(bytes);
    else await writeOutput(options.output, bytes);
  }
  reportUnread(input.unread);
  if (input.unread.length > 0) process.exitCode = exit.usage;
}

function formOf(path: string): Options['to'] | undefined {
  if (path.endsWith('.dtb')) return 'dtb';
  if (path === '-' || /\.dtsi?$/.test(path)) return 'dts';
  return path.endsWith('/') ? 'directory' : undefined;
}
