import { Command } from 'commander';
import { exit } from './exit.ts';
import { reportUnread } from './inputs.ts';
import { painter } from './terminal.ts';

export function explainCommand(): Command {
  return new Command('explain')
    .description('tell what a kernel log says of migrations, line by line')
    .argument('<log>', 'dmesg, journal or plain text, a capture or a sosreport, or - for standard input')
    .option('--json', 'as JSON')
    .action(explainAction);
}

async function explainAction(path: string, { json }: { readonly json?: true }): Promise<void> {
  const { explain, readLogInput } = await import('../field/index.ts');
  const { storyToText } = await import('../report/text/index.ts');
  const { log, unread } = await readLogInput(path);
  const story = explain(log);
  if (json) process.stdout.write(`${JSON.stringify(story, null, 2)}\n`);
  else {
    const paint = await painter();
    process.stdout.write(storyToText(story, { paint }));
  }
  reportUnread(unread);
  if (unread.length > 0) process.exitCode = exit.usage;
}
