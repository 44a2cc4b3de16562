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
import { addExitStatuses } from './options.ts';
import { planCommand } from './plan.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { showCommand } from './show.ts';
import { description, version } from './version.ts';
import { viewCommand } from './view.ts';
import { workerCommand } from './worker.ts';

const program = new Command('transplant')
  .description(
    `${description}.
It models firmware and kernel, or runs real kernels under QEMU. It migrates no
real partition.`,
  )
  .version(version, '-V, --version', 'print the version')
  .configureHelp({ showGlobalOptions: true })
  .commandsGroup('Set up:')
  .addHelpText('after', '\nTo begin: transplant migrate (runs the example platform-facilities)');
addExitStatuses(program, {
  0: 'safe',
  1: 'damaged or stale; for diff: different',
  3: true,
  4: 'inconclusive: evidence is missing',
});

const commands: Readonly<Record<string, readonly (() => Command)[]>> = {
  'Run migrations:': [migrateCommand, compareCommand, auditDriversCommand, viewCommand, rulesCommand],
  'Search for failures:': [
    exploreCommand,
    fuzzCommand,
    conformCommand,
    replayCommand,
    campaignCommand,
    workerCommand,
  ],
  'Examine partitions:': [captureCommand, auditCommand, planCommand, explainCommand],
  'Read and write device trees:': [showCommand, diffCommand, convertCommand],
  'Set up:': [labCommand, () => completionCommand(() => program)],
};
for (const [group, members] of Object.entries(commands))
  for (const command of members) program.addCommand(command().helpGroup(group));
configure(program, 'transplant');

/** Sets what all commands share: bad usage is reported in the same form as every other error. */
function configure(command: Command, name: string): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'print help')
    .showHelpAfterError(`hint: see ${name} --help`)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'transplant: ')) });
  if (command.commands.length > 0) command.helpCommand('help [command]', 'print help for a command');
  for (const each of command.commands) configure(each, `${name} ${each.name()}`);
}

// A reader that closes the pipe early (`| head`) is no error. The exit status stays that of the command.
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
