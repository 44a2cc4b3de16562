import { describe, expect, test } from 'vitest';
import { type ClientGroupName, withClientsAndFaults } from '../../src/explore/client-groups.ts';
import {
  addExploreResults,
  type ExploreResult,
  explore,
  explorePart,
  PREEMPTED,
} from '../../src/explore/explore.ts';
import { type Part, wholeSpace } from '../../src/explore/search/part.ts';
import { migrate, type PolicyChoice, policyChoices } from '../../src/migration/index.ts';
import { example } from './scenarios.ts';

async function search(
  name: string,
  policy: PolicyChoice,
  groups: readonly ClientGroupName[] = [],
  bounds: Parameters<typeof explore>[1] = { bounds: { deviations: 1 } },
) {
  return explore(withClientsAndFaults(await example(name, policy), groups, ['busy']), bounds);
}

const rulesOf = ({ failures }: { failures: readonly { readonly rule: string }[] }) =>
  failures.map(({ rule }) => rule).sort();

describe('platform-facilities', () => {
  test.each(policyChoices)('%s: complete', async (policy) => {
    const found = await search('platform-facilities', policy);
    expect(found.complete).toBe(true);
    expect(found.runs).toBeGreaterThan(20);
    if (policy.startsWith('reconcile')) expect(found.failures).toEqual([]);
    else expect(found.failures).not.toEqual([]);
  });

  test('detach: the shortest run that breaks is the plain one', async () => {
    const { failures } = await search('platform-facilities', 'detach');
    const use = failures.find(({ rule }) => rule === 'use-after-free');
    expect(use).toMatchObject({ choices: [], severity: 'damage' });
  });

  test('reconcile, every order of readers, firmware as it pleases once: none breaks', async () => {
    const found = await search('platform-facilities', 'reconcile', ['readers']);
    expect(found).toMatchObject({ complete: true, failures: [] });
    // They read nothing that updates write.
    expect(new Map(found.coverage).has(PREEMPTED)).toBe(false);
  });

  test('reconcile, every order of an operator who unbinds and binds: none breaks', async () => {
    const found = await search('platform-facilities', 'reconcile', ['operator'], {
      bounds: { deviations: 0 },
    });
    expect(found).toMatchObject({ complete: true, failures: [] });
    expect(new Map(found.coverage).get(PREEMPTED)).toBeGreaterThan(0);
  });

  test('ignore: a busy ibm,update-nodes aborts, one choice off the plain way', async () => {
    const { failures } = await search('platform-facilities', 'ignore');
    expect(rulesOf({ failures })).toEqual(['stale-property', 'update-aborted']);
    expect(
      failures.find(({ rule }) => rule === 'update-aborted')?.choices.filter((way) => way > 0),
    ).toHaveLength(1);
  });
});

test.each(['cache-nodes', 'compression-disabled', 'drc-info', 'facility-new'])(
  '%s under reconcile: complete, none breaks',
  async (name) => {
    expect(await search(name, 'reconcile')).toMatchObject({ complete: true, failures: [] });
  },
);

test('a run that was found is repeated by its choices, with and without all that reports need', async () => {
  const scenario = withClientsAndFaults(await example('platform-facilities', 'ignore'), [], ['busy']);
  const { failures } = explore(scenario, { bounds: { deviations: 1 } });
  const { choices = [] } = failures.find(({ rule }) => rule === 'update-aborted') ?? {};
  const run = await migrate({ ...scenario, choices });
  expect(run.verdict.findings.map(({ rule }) => rule)).toContain('update-aborted');
});

describe('the results of all parts add up to those of the whole search', () => {
  test.each([
    ['detach', [], { deviations: 1 }, 7],
    ['detach', [], { deviations: 2 }, 100],
    ['detach', ['readers'], { deviations: 0 }, 25],
    ['ignore', ['readers'], { deviations: 0 }, 100],
    ['notify', ['operator'], { deviations: 0 }, 10],
    ['attach-subtree', ['operator'], { deviations: 0 }, 60],
    ['notify', ['operator'], { deviations: 0, preemptions: 1 }, 30],
  ] as const)('%s, %j, bounds %j, %i runs each', async (policy, groups, bounds, maxRuns) => {
    const base = await example('platform-facilities', policy);
    const scenario = withClientsAndFaults({ ...base, drivers: ['pseries-rng'] }, groups, ['busy']);
    const whole = explore(scenario, { bounds });
    expect(whole.complete).toBe(true);
    const all: ExploreResult[] = [];
    const open = [wholeSpace];
    for (let part = open.pop(); part; part = open.pop()) {
      const { result, rest } = explorePart(scenario, maxRuns, { bounds, part });
      // Parts are sent to other machines as JSON.
      open.push(...(JSON.parse(JSON.stringify(rest)) as Part[]));
      all.push(result);
    }
    expect(all.length).toBeGreaterThan(3);
    const sum = addExploreResults(all);
    expect(sum).toMatchObject({ complete: true, runs: whole.runs });
    const counts = ({ failures }: ExploreResult) =>
      failures.map(({ rule, runs }) => `${rule} ${runs}`).sort();
    expect(counts(sum)).toEqual(counts(whole));
    // Of the runs that differ only in the order of independent steps, any one may be made.
    const seen = ({ coverage }: ExploreResult) => new Map(coverage.filter(([what]) => what !== PREEMPTED));
    expect(seen(sum)).toEqual(seen(whole));
  });
});

test('a stopped search is reported as incomplete', async () => {
  const found = await search('platform-facilities', 'detach', [], { shouldContinue: (runs) => runs < 64 });
  expect(found).toMatchObject({ runs: 64, complete: false });
});

test('coverage includes a property that is split over two work areas', async () => {
  const { before, ...rest } = await example('platform-facilities', 'reconcile');
  const big = { name: 'vendor,big', value: new Uint8Array(9000).fill(1) };
  const after = { ...before, root: { ...before.root, properties: [...before.root.properties, big] } };
  const { coverage } = explore({ ...rest, before, after }, { bounds: { deviations: 0 } });
  expect(coverage.map(([what]) => what)).toContain('property split over calls');
});
