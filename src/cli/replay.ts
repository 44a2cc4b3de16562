import { Command } from 'commander';
import { exitStatus, readScenario } from './inputs.ts';
import { printRun, type RunOutput } from './print-run.ts';
import { interruptSignal, progress } from './terminal.ts';

interface Options extends RunOutput {
  readonly kernel?: string;
}

export function replayCommand(): Command {
  return new Command('replay')
    .description('repeat the run of a token that explore, fuzz or conform gave')
    .argument('<token>', 'such as platform-facilities+policy=detach+6f2a9c:t1-AAB4x2Q')
    .option('--kernel <name>', 'on a real kernel: what firmware does is repeated, threads go as they like')
    .option('--ledger', 'every step of every reference count, with who took or dropped it (model only)')
    .option('--json', 'the whole run as JSON')
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--report <file>', 'write a page that shows the run, one HTML file')
    .addHelpText('after', '\nExit status: 0 safe, 1 damaged or stale, 2 bad usage or input, 3 environment.')
    .action(replayAction);
}

async function replayAction(token: string, { kernel, ...output }: Options): Promise<void> {
  const { fromRunToken, scenarioOfToken } = await import('../explore/index.ts');
  const { migrate } = await import('../migration/index.ts');
  const scenario = await scenarioOfToken(
    fromRunToken(token),
    async (name) => (await readScenario(name)).scenario,
  );
  const boot =
    kernel === undefined
      ? undefined
      : (await import('../migration/boot-linux.ts')).bootLinuxWith({
          kernel,
          progress,
          signal: interruptSignal(),
        });
  const run = await migrate(scenario, boot);
  await printRun(run, output);
  process.exitCode = exitStatus(run.verdict.outcome === 'safe', false);
}
