import { Command } from 'commander';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { addExitStatuses, addOptions, addScenarioArguments, collect } from './options.ts';
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
  const command = new Command('compare').description(
    'run one scenario on the modelled kernel under every policy and compare the results',
  );
  addScenarioArguments(command).option('--policy <name>', 'run only this policy (repeatable)', collect);
  return addExitStatuses(
    addOptions(command, 'release', 'firmware', 'fault', 'times', 'json', 'junit', 'report'),
    { 0: 'every policy is safe', 1: 'at least one policy is not safe' },
  ).action(compareAction);
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
