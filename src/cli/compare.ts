import { Command } from 'commander';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { collect } from './options.ts';
import { painter } from './terminal.ts';

interface Options {
  readonly policy?: readonly string[];
  readonly release?: string;
  readonly firmware?: string;
  readonly fault?: readonly string[];
  readonly times?: number;
  readonly json?: true;
  readonly report?: string;
  readonly junit?: string;
}

export function compareCommand(): Command {
  return new Command('compare')
    .description('run one scenario under every policy and show what each costs')
    .argument('[scenario]', 'scenario file, folder that holds one, name of an example, or the tree before')
    .argument('[after]', 'the tree after, where the first names a tree')
    .option('--policy <name>', 'only this policy (may be repeated)', collect)
    .option('--release <linux>', 'release of the modelled kernel')
    .option('--firmware <style>', 'how firmware announces its changes: powervm, properties')
    .option('--fault <name[@where]>', 'a fault of the firmware (may be repeated)', collect)
    .option('--times <number>', 'how often to migrate, there and back again', Number)
    .option('--junit <file>', 'write the verdicts as JUnit XML, a suite for each policy')
    .option('--json', 'every run as JSON')
    .option('--report <file>', 'write a page that shows the runs side by side, one HTML file')
    .addHelpText('after', '\nExit status: 0 every policy shown is safe, 1 one is not, 2 bad usage or input.')
    .action(compareAction);
}

async function compareAction(
  first: string | undefined,
  second: string | undefined,
  options: Options,
): Promise<void> {
  const { compare, overrideScenario, policyChoices } = await import('../migration/index.ts');
  const { annotations, comparisonToText, pageToHtml, runsPage, runToJson, verdictsToJunit } = await import(
    '../report/index.ts'
  );
  const { policy = [], report, junit, ...overrides } = options;
  const input = await readScenario(first, second);
  const scenario = overrideScenario(input.scenario, overrides);
  const chosen = policy.map((name) => overrideScenario(scenario, { policy: name }).policy ?? 'ignore');
  const runs = await compare(scenario, chosen.length > 0 ? chosen : policyChoices);
  await writeOptionalFile(report, () => pageToHtml(runsPage(runs)));
  const judged = runs.map((run) => ({ name: `${run.name} under ${run.policy}`, verdict: run.verdict }));
  await writeOptionalFile(junit, () => verdictsToJunit(judged));
  for (const { name, verdict } of judged) {
    const lines = annotations(name, verdict, process.env);
    for (const line of lines) process.stderr.write(`${line}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(runs.map(runToJson), null, 2)}\n`);
  else {
    const paint = await painter();
    process.stdout.write(comparisonToText(runs, paint));
  }
  process.exitCode = exitStatus(
    runs.every((run) => run.verdict.outcome === 'safe'),
    input.gaps,
  );
}
