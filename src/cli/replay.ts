import { Command } from 'commander';
import { exitStatus, readScenario } from './inputs.ts';
import { addExitStatuses, addOptions } from './options.ts';
import { printRun, type RunOutput } from './print-run.ts';
import { interruptSignal, progress } from './terminal.ts';

interface Options extends RunOutput {
  readonly kernel?: string;
}

export function replayCommand(): Command {
  const command = new Command('replay')
    .description('repeat a run by the token that explore, fuzz or conform printed')
    .argument('<token>', 'token of the run, such as platform-facilities+policy=ignore+3722b9:t1-AJB3tph');
  return addExitStatuses(
    addOptions(command, 'kernel', 'ledger', 'json', 'junit', 'report'),
    { 0: 'safe', 1: 'damaged or stale', 3: true },
    'On a real kernel firmware repeats its choices, but the kernel schedules its\nthreads itself.',
  ).action(replayAction);
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
