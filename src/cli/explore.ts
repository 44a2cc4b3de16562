import { Command } from 'commander';
import { plural } from '../base/index.ts';
import type { Bounds, Executor, ExploreSpec, Failure, SearchSettings } from '../explore/index.ts';
import type { Scenario } from '../migration/index.ts';
import { releaseNames } from '../partition/index.ts';
import { addExecutorOptions, type ExecutorOptions, type RunControl, withExecutor } from './executor.ts';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { checkAllowed, collect, wholeNumber } from './options.ts';
import { painter } from './terminal.ts';

interface Options extends SearchSettings, ExecutorOptions, ExploreOutput {
  readonly deviations: string;
  readonly preemptions?: string;
  readonly seconds?: number;
  readonly allow?: readonly string[];
}

/** Where it is told what was found. */
export interface ExploreOutput {
  readonly json?: true;
  readonly report?: string;
  readonly junit?: string;
}

export function exploreCommand(): Command {
  const command = new Command('explore')
    .description('run a scenario in every order, cut and fault, and show the shortest run that breaks')
    .argument('[scenario]', 'scenario file, folder that holds one, name of an example, or the tree before')
    .argument('[after]', 'the tree after, where the first names a tree')
    .option('--release <linux>', `release of the modelled kernel: ${releaseNames.join(', ')}`)
    .option('--policy <name>', 'how deletes and adds of platform-facilities are treated; compare lists them')
    .option(
      '--kernel-policy <policy>',
      'with --policy reconcile: the policy of the kernel behind the reconciler',
    )
    .option('--firmware <style>', 'how firmware announces its changes: powervm, properties')
    .option('--times <number>', 'how often to migrate, there and back again', Number)
    .option(
      '--clients <groups>',
      'clients during the migration: readers, requests, binder, operator, dlpar, none (with commas)',
    )
    .option(
      '--possible-faults <faults>',
      'faults that firmware may inject once each, with commas; all or none',
    )
    .option(
      '--deviations <number>',
      'most firmware deviations in one run (reorder, split, fault); all: no bound',
      '1',
    )
    .option('--preemptions <number>', 'most preemptions in one run; absent: no bound')
    .option('--seconds <number>', 'stop after so long, and say that it is not complete', (text) =>
      wholeNumber('--seconds', text),
    )
    .option('--allow <rule>', 'a rule whose findings do not count (may be repeated)', collect);
  return addExecutorOptions(command)
    .option('--json', 'what was found as JSON')
    .option('--report <file>', 'write a page that shows the shortest run of each failure, one HTML file')
    .option('--junit <file>', 'write it as JUnit XML: a case for each rule')
    .addHelpText(
      'after',
      '\nExit status: 0 no run breaks a rule, 1 one does, 2 bad usage or\ninput, or not complete.',
    )
    .action(exploreAction);
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
  const ask: ExploreSpec = {
    kind: 'explore',
    scenario: packScenario(scenario),
    bounds,
    allowed,
    // Two trees have no name that a token could begin with.
    ...(second === undefined && { tokenBase }),
    ...(input.gaps && { gaps: true }),
  };
  await withExecutor(rest, (crew, control, tally) => runExplore(ask, crew, control, rest, tally), seconds);
}

/** Has a search made, and tells what was found. */
export async function runExplore(
  ask: ExploreSpec,
  crew: Executor,
  control: RunControl,
  { json, report, junit }: ExploreOutput,
  tally: (text: string) => void,
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
  const { outcomes, complete } = await campaign(exploreKind, ask, crew, {
    ...control,
    onOutcome(explored) {
      runs += explored.runs;
      for (const { rule } of explored.failures) kinds.add(rule);
      tally(`${runs} runs, rules broken: ${kinds.size}`);
    },
  });
  const elapsed = (performance.now() - start) / 1000;
  const sum = addExploreResults(outcomes);
  const found = { ...sum, complete: sum.complete && complete };
  const { tokenBase, bounds, gaps = false } = ask;
  const failures = found.failures
    .toSorted((one, other) => (isSimpler(one.choices, other.choices) ? -1 : 1))
    .map((failure) => {
      const { choices } = failure;
      const token = tokenBase
        ? toRunToken({ ...tokenBase, choices })
        : '(two trees have no token; a scenario file has)';
      return { ...failure, token };
    });
  const scenario = unpackScenario(ask.scenario);
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
          `threads: ${scenario.workload.some(({ when }) => when === 'during') ? 'every order' : 'the migration alone'}` +
            `${bounds.preemptions === undefined ? '' : `, at most ${bounds.preemptions} preemptions`}`,
          `firmware: every order and cut, ${found.complete ? '' : 'as far as it went, '}${
            bounds.deviations === undefined
              ? 'without bound'
              : `at most ${plural(bounds.deviations, 'deviation')} per run`
          }`,
          `${found.runs} runs, ${found.pruned} left as seen in another order, ${rate} a second; ${
            found.complete ? 'complete' : 'not complete'
          }`,
        ],
        coverage: found.coverage.toSorted(([, one], [, other]) => other - one),
        expected: [...expectedRtasCoverage, PREEMPTED],
        failures,
        safeText: `safe: no run of ${found.runs} breaks a rule${found.complete ? '' : ', but the search is not complete'}`,
      },
      await painter(),
    );
    process.stdout.write(text);
  }
  process.exitCode = exitStatus(failures.length === 0, gaps || !found.complete);
}

/** Most runs that stand on one page. */
const mostShown = 6;

/** The page of the shortest runs that break a rule each; of the plain run where none does. */
async function pageOf(scenario: Scenario, failures: readonly Failure[]): Promise<string> {
  const { migrate } = await import('../migration/index.ts');
  const { pageToHtml, runsPage } = await import('../report/index.ts');
  const distinct = new Map(failures.map(({ choices }) => [choices.join(), choices]));
  const lists = distinct.size === 0 ? [[]] : [...distinct.values()].slice(0, mostShown);
  const runs = [];
  for (const choices of lists) runs.push(await migrate({ ...scenario, choices }));
  return pageToHtml(runsPage(runs));
}
