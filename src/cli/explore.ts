import { Command, Option } from 'commander';
import { plural } from '../base/index.ts';
import type { Bounds, Executor, ExploreSpec, Failure, SearchSettings } from '../explore/index.ts';
import type { Scenario } from '../migration/index.ts';
import { type ExecutorOptions, executorOptions, type RunControl, withExecutor } from './executor.ts';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { addExitStatuses, addOptions, addScenarioArguments, checkAllowed, wholeNumber } from './options.ts';
import { painter } from './terminal.ts';

interface Options extends SearchSettings, ExecutorOptions, ExploreOutput {
  readonly deviations: string;
  readonly preemptions?: string;
  readonly seconds?: number;
  readonly allow?: readonly string[];
}

/** Where and how the result is printed. */
export interface ExploreOutput {
  readonly json?: true;
  readonly report?: string;
  readonly junit?: string;
}

export function exploreCommand(): Command {
  const command = new Command('explore').description(
    'search all orders of threads and messages, all splits of message lists into calls and all possible faults of a scenario; print the shortest run that breaks each rule',
  );
  addScenarioArguments(command);
  addOptions(
    command,
    'release',
    'policy',
    'kernelPolicy',
    'firmware',
    'times',
    'clients',
    'possibleFaults',
    new Option(
      '--deviations <number>',
      'maximum number of firmware deviations in one run, or all for no limit; a fault, a changed order of messages and an extra split are one deviation each',
    ).default('1', '1'),
    new Option('--preemptions <number>', 'maximum number of preemptions in one run (default: no limit)'),
    'seconds',
    'allow',
    ...executorOptions(),
    'json',
    'junit',
    'report',
  );
  return addExitStatuses(command, {
    0: 'no run breaks a rule',
    1: 'a run breaks a rule',
    2: 'the search is incomplete',
  }).action(exploreAction);
}

async function exploreAction(
  first: string | undefined,
  second: string | undefined,
  { deviations, preemptions, seconds, allow, ...rest }: Options,
): Promise<void> {
  const { digestOf, packScenario, prepareScenario, tokenSettings } = await import('../explore/index.ts');
  const allowed = await checkAllowed(allow);
  const input = await readScenario(first, second);
  const scenario = prepareScenario(input.scenario, rest);
  const bounds: Bounds = {
    ...(deviations !== 'all' && { deviations: wholeNumber('--deviations', deviations) }),
    ...(preemptions !== undefined && { preemptions: wholeNumber('--preemptions', preemptions) }),
  };
  const name = first ?? 'platform-facilities';
  const tokenBase = { scenario: name, settings: tokenSettings(rest), digest: digestOf(scenario) };
  const spec: ExploreSpec = {
    kind: 'explore',
    scenario: packScenario(scenario),
    bounds,
    allowed,
    // A token begins with the name of a scenario. A pair of trees has none.
    ...(second === undefined && { tokenBase }),
    ...(input.gaps && { gaps: true }),
  };
  await withExecutor(
    rest,
    (executor, control, setSummary) => runExplore(spec, executor, control, rest, setSummary),
    seconds,
  );
}

/** Runs the search on an executor and prints the result. */
export async function runExplore(
  spec: ExploreSpec,
  executor: Executor,
  control: RunControl,
  { json, report, junit }: ExploreOutput,
  setSummary: (text: string) => void,
): Promise<void> {
  const {
    addExploreResults,
    campaign,
    expectedRtasCoverage,
    exploreKind,
    isSimpler,
    PREEMPTED,
    searchToJunit,
    searchToText,
    toRunToken,
    unpackScenario,
  } = await import('../explore/index.ts');
  const start = performance.now();
  let runs = 0;
  const kinds = new Set<string>();
  const { outcomes, complete } = await campaign(exploreKind, spec, executor, {
    ...control,
    onOutcome(explored) {
      runs += explored.runs;
      for (const { rule } of explored.failures) kinds.add(rule);
      setSummary(`${plural(runs, 'run')}, ${plural(kinds.size, 'broken rule')}`);
    },
  });
  const elapsed = (performance.now() - start) / 1000;
  const sum = addExploreResults(outcomes);
  const found = { ...sum, complete: sum.complete && complete };
  const { tokenBase, bounds, gaps = false } = spec;
  const failures = found.failures
    .toSorted((one, other) => (isSimpler(one.choices, other.choices) ? -1 : 1))
    .map((failure) => {
      const { choices } = failure;
      const token = tokenBase
        ? toRunToken({ ...tokenBase, choices })
        : '(no token: a pair of trees has no name; use a scenario file)';
      return { ...failure, token };
    });
  const scenario = unpackScenario(spec.scenario);
  await writeOptionalFile(report, () => pageOf(scenario, failures));
  const { name, policy = scenario.release } = scenario;
  await writeOptionalFile(junit, () =>
    searchToJunit(`explore ${name} under ${policy}`, failures, found.complete),
  );
  if (json) process.stdout.write(`${JSON.stringify({ ...found, failures }, null, 2)}\n`);
  else {
    const rate = (found.runs / elapsed).toFixed(0);
    const text = searchToText(
      {
        heading: [
          `${scenario.name} under ${scenario.policy ?? 'the policy of its release'}, modelled Linux ${scenario.release}`,
          `threads: ${scenario.workload.some(({ when }) => when === 'during') ? 'every order' : 'the migration only'}` +
            `${bounds.preemptions === undefined ? '' : `, at most ${bounds.preemptions} preemptions`}`,
          `firmware: every order and split, ${
            bounds.deviations === undefined
              ? 'no limit on deviations'
              : `at most ${plural(bounds.deviations, 'deviation')} per run`
          }`,
          `${plural(found.runs, 'run')}, ${found.pruned} pruned as equivalent, ${rate} per second; search ${
            found.complete ? 'complete' : 'incomplete'
          }`,
        ],
        coverage: found.coverage.toSorted(([, one], [, other]) => other - one),
        expected: [...expectedRtasCoverage, PREEMPTED],
        failures,
        safeText: `safe: no rule is broken in ${plural(found.runs, 'run')}${found.complete ? '' : ', but the search is incomplete'}`,
      },
      await painter(),
    );
    process.stdout.write(text);
  }
  process.exitCode = exitStatus(failures.length === 0, gaps || !found.complete);
}

/** Maximum number of runs on one page. */
const MAX_RUNS = 6;

/** A page with the shortest run of each failure, or with the run without deviations if nothing fails. */
async function pageOf(scenario: Scenario, failures: readonly Failure[]): Promise<string> {
  const { migrate } = await import('../migration/index.ts');
  const { pageToHtml, runsPage } = await import('../report/index.ts');
  const distinct = new Map(failures.map(({ choices }) => [choices.join(), choices]));
  const lists = distinct.size === 0 ? [[]] : [...distinct.values()].slice(0, MAX_RUNS);
  const runs = [];
  for (const choices of lists) runs.push(await migrate({ ...scenario, choices }));
  return pageToHtml(runsPage(runs));
}
