import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { parseDts } from '../../src/devicetree/index.ts';
import { parseFault } from '../../src/firmware/index.ts';
import { compare, migrate, parseScenario, policyChoices, type Scenario } from '../../src/migration/index.ts';
import { releaseNames } from '../../src/partition/index.ts';
import type { Run } from '../../src/verdict/index.ts';

const examples = resolve(import.meta.dirname, '../../examples');

async function example(name: string): Promise<Scenario> {
  const file = resolve(examples, name, 'scenario.yaml');
  return parseScenario(await readFile(file, 'utf8'), file, async (tree) => {
    const path = resolve(dirname(file), tree);
    return parseDts(await readFile(path), { file: path });
  });
}

/** How many findings of each rule. */
function counts({ verdict }: Run): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { rule } of verdict.findings) found[rule] = (found[rule] ?? 0) + 1;
  return found;
}

const mobility = (run: Run) =>
  run.after.log
    .slice(run.before.log.length)
    .map((line) => line.text)
    .filter((text) => text.startsWith('mobility: '));

const facilities = '/ibm,platform-facilities';

describe('the thread', () => {
  let thread: Scenario;
  beforeAll(async () => {
    thread = await example('platform-facilities');
  });

  test('a kernel that obeys: removed, added, children lost, links broken, use after free', async () => {
    const run = await migrate({ ...thread, policy: 'detach', release: '5.10' });
    expect(mobility(run).filter((text) => /removing|added/.test(text))).toEqual([
      `mobility: removing node ${facilities}/ibm,random-v1:4294967285`,
      `mobility: removing node ${facilities}/ibm,compression-v1:4294967284`,
      `mobility: removing node ${facilities}/ibm,sym-encryption-v1:4294967283`,
      `mobility: removing node ${facilities}:4294967286`,
      `mobility: added node ${facilities}:4294967286`,
    ]);
    expect(counts(run)).toMatchObject({
      'use-after-free': 3,
      'lost-node': 3,
      'dangling-link': 3,
      'leaked-reference': 6,
    });
    const [first] = run.after.warnings;
    expect(first?.message).toBe('refcount_t: addition on 0; use-after-free.');
    expect(first?.callChain.slice(1, 8)).toEqual([
      'kobject_get',
      'of_node_get',
      'of_get_parent',
      'of_fwnode_get_parent',
      'fwnode_count_parents',
      'fwnode_full_name_string',
      'device_node_string',
    ]);
    expect(run.verdict.outcome).toBe('damaged');
  });

  test('a kernel that ignores: nothing broken, three pools stale', async () => {
    const run = await migrate({ ...thread, release: '6.12' });
    expect(counts(run)).toEqual({ 'stale-property': 3 });
    expect(run.verdict.outcome).toBe('stale');
  });

  test('twice: the leaves are no longer found, the new parent is really released', async () => {
    const run = await migrate({ ...thread, policy: 'detach', release: '6.1', times: 2 });
    expect(mobility(run).filter((text) => text.includes('Failed lookup'))).toEqual([
      'mobility: Failed lookup: phandle 0xfffffff5 for action 0x1000000',
      'mobility: Failed lookup: phandle 0xfffffff4 for action 0x1000000',
      'mobility: Failed lookup: phandle 0xfffffff3 for action 0x1000000',
    ]);
    const parents = run.after.references
      ?.filter((node) => node.path === facilities)
      .map((node) => node.state);
    expect(parents).toEqual(['released', 'released', 'attached']);
  });

  test('the table: what each policy costs', async () => {
    const runs = await compare(thread, policyChoices);
    const table = Object.fromEntries(runs.map((run) => [run.policy, counts(run)]));
    expect(table).toMatchObject({
      detach: { 'use-after-free': 3, 'dangling-link': 3, 'lost-node': 3 },
      ignore: { 'stale-property': 3 },
      'attach-subtree': { 'use-after-free': 3 },
      reconcile: {},
      'reconcile-in-kernel': {},
    });
    // nx-crypto never forgets its device, so that it cannot be bound a second time (nx.c, nx_probe and nx_remove).
    for (const policy of ['notify', 'rebind'])
      expect(table[policy]).toEqual({ 'client-failed': 3, 'driver-unbound': 1 });
    for (const run of runs)
      expect([run.policy, run.verdict.outcome === 'safe']).toEqual([
        run.policy,
        run.policy.startsWith('reconcile'),
      ]);
  });

  test('with the drivers of a little-endian kernel, rebind only interrupts clients; notify reaches no encryption driver', async () => {
    const drivers = ['pseries-rng', 'nx-compress-pseries'] as const;
    const [notify, rebind] = await compare({ ...thread, drivers }, ['notify', 'rebind']);
    expect(rebind && counts(rebind)).toEqual({ 'client-failed': 2 });
    expect(notify && counts(notify)).toEqual({
      'client-failed': 2,
      'leaked-reference': 1,
      'use-after-free': 3,
    });
  });

  test.each(releaseNames)('reconcile is safe on %s, obedient or not, in every direction', async (release) => {
    const run = await migrate({ ...thread, release, policy: 'reconcile', times: 3 });
    expect(counts(run)).toEqual({});
  });
});

describe('faults', () => {
  let thread: Scenario;
  beforeAll(async () => {
    thread = { ...(await example('platform-facilities')), release: '6.1', policy: 'detach' };
  });

  test.each([
    ['busy@ibm,update-nodes', 'update-aborted'],
    ['unknown-parent', 'failed-lookup'],
    ['unusable@/ibm,platform-facilities', 'connector-failed'],
    ['next-child-siblings', 'lost-node'],
    ['lone-child', 'leaked-reference'],
  ])('%s leads to %s', async (fault, rule) => {
    const run = await migrate({ ...thread, faults: [parseFault(fault)] });
    expect(Object.keys(counts(run))).toContain(rule);
  });

  test('with policy ignore, a lone child is added as #1 next to the one that stays', async () => {
    const run = await migrate({ ...thread, policy: 'ignore', faults: [parseFault('lone-child')] });
    expect(counts(run)).toMatchObject({ 'renamed-node': 1, 'duplicate-phandle': 1 });
  });

  test('a fault at a node that neither tree has is refused before anything runs', async () => {
    const wanted = { ...thread, faults: [parseFault('busy@/ibm,platform-facilities/none')] };
    const rejectBoot = () => Promise.reject(new Error('booted'));
    await expect(migrate(wanted, rejectBoot)).rejects.toThrow(InputError);
    await expect(migrate(wanted, rejectBoot)).rejects.toThrow(
      'fault busy@/ibm,platform-facilities/none: neither tree has such a node',
    );
  });

  test('injected faults are counted; faults that were not injected have count 0', async () => {
    const faults = [
      'busy@ibm,configure-connector*2',
      'busy@/ibm,platform-facilities/ibm,random-v1',
      'busy@1234',
      'lost-add?',
    ].map(parseFault);
    const { faultCounts } = await migrate({ ...thread, faults });
    expect(faultCounts).toEqual([2, 0, 0, 0]);
  });

  test.each(['busy@ibm,update-nodes', 'lone-child', 'next-child-siblings'])(
    '%s does not get past the reconciler',
    async (fault) => {
      const run = await migrate({ ...thread, policy: 'reconcile', faults: [parseFault(fault)] });
      expect(Object.keys(counts(run)).filter((rule) => rule !== 'stale-property')).toEqual([]);
    },
  );
});

describe('examples', () => {
  test.each(['cache-nodes', 'drc-info', 'facility-new', 'power7-sized'])(
    '%s: both ways of reconciling are safe and give one tree',
    async (name) => {
      const [outside, inside] = await compare(await example(name), ['reconcile', 'reconcile-in-kernel']);
      expect([outside?.verdict.outcome, inside?.verdict.outcome]).toEqual(['safe', 'safe']);
      expect(inside?.after.tree).toEqual(outside?.after.tree);
    },
  );

  test('facility-gone: a delete without an add stays a delete', async () => {
    const runs = await compare(await example('facility-gone'), ['reconcile', 'reconcile-in-kernel']);
    // A kernel since v5.16 does not listen to the one; the other leaves the VIO device behind. Its client fails anyhow.
    expect(runs.map(counts)).toEqual([
      { 'kept-node': 1, 'client-failed': 1 },
      { 'dangling-link': 1, 'leaked-reference': 1, 'client-failed': 1 },
    ]);
  });

  test.each(['compression-disabled', 'limits-change'])(
    '%s: the tree is right, but a driver that does not look again asks too much of the new hardware',
    async (name) => {
      for (const run of await compare(await example(name), ['reconcile', 'reconcile-in-kernel'])) {
        expect(counts(run)).toEqual({
          'client-failed': 1,
          ...(name === 'limits-change' && { 'driver-kept-old-value': 3 }),
        });
      }
    },
  );
});
