import { Command } from 'commander';
import { exit } from './exit.ts';
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
  return new Command('capture')
    .description('save what this partition shows of its device tree, VIO bus and log, for the other commands')
    .option(
      '-o, --output <file>',
      'archive to write; - for standard output (default: transplant-capture-TIME.tar.gz)',
    )
    .option('--redact', 'hide serial numbers and the names of partition and host, the same ones alike')
    .option(
      '--redact-salt <file>',
      'as --redact, and alike in all captures made with this secret file, so that they can be compared',
    )
    .option(
      '--devspec',
      "read each device's devspec too: on an ill partition this trips over nodes that are gone",
    )
    .option('--root <folder>', "where the machine's / is")
    .option('--script', 'print a shell script that does the same where there is no Node')
    .addHelpText('after', '\nSecrets (security-*, ibm,vtpm*, keys) are never taken; the manifest lists them.')
    .action(capture);
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
    await writeOutput(path, bytes);
    process.stderr.write(`captured to ${path}\n`);
  }
  for (const { path, reason } of manifest.unread) process.stderr.write(`not read: ${path}: ${reason}\n`);
  if (manifest.unread.length > 0) process.exitCode = exit.usage;
}
