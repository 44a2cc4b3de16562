#!/usr/bin/env node
import { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { auditDriversCommand } from './audit-drivers.ts';
import { campaignCommand } from './campaign.ts';
import { captureCommand } from './capture.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { conformCommand } from './conform.ts';
import { convertCommand } from './convert.ts';
import { diffCommand } from './diff.ts';
import { reportError } from './exit.ts';
import { explainCommand } from './explain.ts';
import { exploreCommand } from './explore.ts';
import { fuzzCommand } from './fuzz.ts';
import { labCommand } from './lab.ts';
import { migrateCommand } from './migrate.ts';
import { planCommand } from './plan.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { showCommand } from './show.ts';
import { description, version } from './version.ts';
import { viewCommand } from './view.ts';
import { workerCommand } from './worker.ts';

const program = new Command('transplant')
  .description(description)
  .version(version)
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    `
Exit status: 0 safe, 1 unsafe (damaged or stale; for diff: different), 2 bad
usage or input, 3 environment.`,
  );

const commands: readonly (() => Command)[] = [
  migrateCommand,
  compareCommand,
  exploreCommand,
  fuzzCommand,
  conformCommand,
  replayCommand,
  campaignCommand,
  workerCommand,
  viewCommand,
  showCommand,
  convertCommand,
  diffCommand,
  auditDriversCommand,
  labCommand,
  captureCommand,
  auditCommand,
  planCommand,
  explainCommand,
  rulesCommand,
  () => completionCommand(() => program),
];
for (const command of commands) program.addCommand(command());
configureErrors(program, 'transplant');

/** Bad usage is told as every other error is: what is wrong, and what to do. */
function configureErrors(command: Command, name: string): void {
  command
    .exitOverride()
    .showHelpAfterError(`hint: ${name} --help tells more`)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'transplant: ')) });
  for (const each of command.commands) configureErrors(each, `${name} ${each.name()}`);
}

// A reader that has seen enough (`| head`) is no error, and does not make unsafe safe.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  reportError(error);
}
