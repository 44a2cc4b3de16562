import { Command } from 'commander';
import { exit } from './exit.ts';
import { reportUnread } from './inputs.ts';
import { addExitStatuses, checkOneStdin, sharedOption } from './options.ts';
import { painter } from './terminal.ts';

export function explainCommand(): Command {
  return addExitStatuses(
    new Command('explain')
      .description('explain what a kernel log says about migrations, line by line')
      .argument(
        '<log...>',
        'output of dmesg or journalctl (plain or compressed), support archive or its unpacked folder, or - for standard input; several logs are merged by time',
      )
      .addOption(sharedOption('json')),
    { 0: 'complete', 2: 'the log is incomplete' },
  ).action(explainAction);
}

async function explainAction(paths: readonly string[], { json }: { readonly json?: true }): Promise<void> {
  const { explain, readLogInput } = await import('../field/index.ts');
  const { storyToText } = await import('../report/text/index.ts');
  await checkOneStdin(...paths);
  const { log, unread } = await readLogInput(...paths);
  const story = explain(log);
  if (json) process.stdout.write(`${JSON.stringify(story, null, 2)}\n`);
  else {
    const paint = await painter();
    process.stdout.write(storyToText(story, { paint }));
  }
  reportUnread(unread);
  if (unread.length > 0) process.exitCode = exit.usage;
}
