import { Command } from 'commander';
import { exit } from './exit.ts';
import { addExitStatuses } from './options.ts';
import { version } from './version.ts';

interface Options {
  readonly output?: string;
  readonly root?: string;
  readonly redact?: true;
  readonly redactSalt?: string;
  readonly devspec?: true;
  readonly script?: true;
}

export function captureCommand(): Command {
  return addExitStatuses(
    new Command('capture')
      .description(
        "save this partition's device tree, VIO devices and kernel log in an archive for the other commands",
      )
      .option(
        '-o, --output <file>',
        'archive to write, or - for standard output (default: transplant-capture-TIME.tar.gz)',
      )
      .option(
        '--redact',
        'replace serial numbers, names and addresses by pseudonyms; equal values get equal pseudonyms',
      )
      .option(
        '--redact-salt <file>',
        'like --redact, with pseudonyms derived from this secret file, so that captures made with it are comparable',
      )
      .option(
        '--devspec',
        "also read each device's devspec; on a damaged partition this makes the kernel use freed nodes",
      )
      .option(
        '--root <folder>',
        'root folder of the file system to capture (default: /); links out of it are not followed',
      )
      .option('--script', 'print a shell script that makes the same capture on a machine without Node'),
    { 0: 'complete', 2: 'the capture is incomplete' },
    'Secrets (security-*, ibm,vtpm*, keys) are never captured. The manifest lists\ntheir names.',
  ).action(capture);
}

async function capture({ output, script, redactSalt, ...options }: Options): Promise<void> {
  const { captureScript, readSalt, writeCapture } = await import('../field/index.ts');
  const { writeOutput } = await import('../base/write-output.ts');
  const by = `transplant ${version}`;
  if (script) {
    process.stdout.write(captureScript(by));
    return;
  }
  const salt = redactSalt === undefined ? {} : { salt: readSalt(redactSalt) };
  const { manifest, bytes } = writeCapture({ ...options, ...salt, by });
  const path = output ?? `transplant-capture-${manifest.when.replace(/[:-]/g, '')}.tar.gz`;
  if (path === '-') process.stdout.write(bytes);
  else {
    // It shows a machine to anybody who can read it.
    await writeOutput(path, bytes, 0o600);
    process.stderr.write(`captured to ${path}\n`);
  }
  for (const { path, reason } of manifest.unread) process.stderr.write(`not read: ${path}: ${reason}\n`);
  if (manifest.unread.length > 0) process.exitCode = exit.usage;
}
