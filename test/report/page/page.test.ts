import { describe, expect, test } from 'vitest';
import { cells, node, tree } from '../../../src/devicetree/index.ts';
import { auditPage, diffPage, runsPage } from '../../../src/report/index.ts';
import { nodeStates, type PageRun } from '../../../src/report/page/document.ts';
import { jsonForHtml } from '../../../src/report/page/html.ts';
import { storyOf } from '../../../src/verdict/index.ts';
import { storyUnder } from '../../viewer/runs.ts';

const detached = await storyUnder('detach');
const only = (run: typeof detached) => runsPage([run]).runs[0] as PageRun;

function stateOf({ tree }: PageRun, name: string): string | undefined {
  return nodeStates[tree.states[tree.names.indexOf(name)] ?? -1];
}

/** Ids of the calls that events link to, in the order of the events. */
function linkedCalls({ events }: PageRun): number[] {
  return events.flatMap(({ call }) => call ?? []);
}

function titlesOfCalls(run: PageRun): (string | undefined)[] {
  return linkedCalls(run).map((id) => run.calls.find((call) => call.id === id)?.title);
}

describe('node states', () => {
  const trees = {
    before: [node('kept'), node('updated', [cells('a', 1)]), node('gone'), node('lost'), node('held')],
    after: [node('kept'), node('updated', [cells('a', 2)]), node('new')],
    wanted: [node('kept'), node('updated'), node('new'), node('lost'), node('never')],
  };
  const at = (children: ReturnType<typeof node>[]) => tree(node('', [], children));
  const run = {
    ...detached,
    events: [],
    ledger: [],
    before: { ...detached.before, tree: at(trees.before) },
    destination: at(trees.wanted),
    after: {
      ...detached.after,
      tree: at(trees.after),
      references: [],
      devices: [
        {
          name: 'device',
          driver: null,
          ofNode: { state: 'dangling', target: '../../../firmware/devicetree/base/held' } as const,
        },
      ],
    },
  };

  test.each([
    ['kept', 'kept'],
    ['updated', 'updated'],
    ['gone', 'released'],
    ['lost', 'lost'],
    ['held', 'detached'],
    ['new', 'new'],
    ['never', 'lost'],
  ])('%s is %s', (name, state) => {
    expect(stateOf(only(run), name)).toBe(state);
  });

  const reference = { phandle: 1, generation: 1, boot: true, holders: [] };
  const withReference = (name: string, state: 'attached' | 'detached' | 'released', count: number) =>
    only({
      ...run,
      after: { ...run.after, devices: [], references: [{ ...reference, path: `/${name}`, state, count }] },
    });

  test.each([
    ['gone', 'detached', 1, 'detached'],
    ['gone', 'detached', -2, 'detached'],
    ['gone', 'detached', 0, 'released'],
    ['gone', 'released', 1, 'released'],
    ['lost', 'detached', 1, 'detached'],
    ['lost', 'detached', 0, 'lost'],
    ['held', 'detached', 0, 'released'],
    ['kept', 'detached', 1, 'kept'],
  ] as const)('%s, %s with count %i, is %s', (name, state, count, expected) => {
    expect(stateOf(withReference(name, state, count), name)).toBe(expected);
  });

  test('a node that was attached during the run is new, although its path was there before', () => {
    const attach = { id: 0, seconds: 0, lane: 'of', kind: 'attach', text: 'attach', node: '/kept' } as const;
    const states = (kind: string) => {
      const page = only({ ...run, events: [{ ...attach, kind }] });
      return ['kept', 'updated', 'new'].map((name) => stateOf(page, name));
    };
    expect(states('attach')).toEqual(['new', 'updated', 'new']);
    expect(states('notify')).toEqual(['kept', 'updated', 'new']);
  });

  test('without a tree from before, nodes are kept or lost', () => {
    const story = storyOf([]);
    const parts = {
      name: 'm',
      verdict: detached.verdict,
      story,
      before: undefined,
      wanted: at(trees.wanted),
    };
    const page = auditPage({ ...parts, observation: run.after }).runs[0] as PageRun;
    expect(['kept', 'updated', 'new', 'lost', 'never'].map((name) => stateOf(page, name))).toEqual([
      'kept',
      'kept',
      'kept',
      'lost',
      'lost',
    ]);
  });

  test('a changed property has both values', () => {
    const page = only(run).tree;
    expect(page.properties[page.names.indexOf('updated')]).toEqual([['a', '00000002', '00000001']]);
  });
});

describe('events', () => {
  const page = only(detached);
  const calls = detached.migrations.flatMap((migration) => migration.calls);

  test('each RTAS call has its bytes, without the zeros at the end', () => {
    expect(linkedCalls(page)).toEqual(calls.map(({ id }) => id));
    const update = page.events.find(({ text }) => /^ibm,update-nodes/.test(text));
    const area = page.calls.find(({ id }) => id === update?.call)?.areas[2];
    expect(area).toMatchObject({ title: 'work area after', size: 4096 });
    expect(area?.hex).toMatch(/^0{32}01000004fffffff5.*[1-9a-f]0?$/);
    expect(area?.ranges).toContainEqual({
      offset: 20,
      length: 4,
      meaning: 'deleted node',
      value: 'fffffff5',
    });
  });

  test('a call without an event, or an event without its call, leaves all other links', () => {
    const [first, second, ...rest] = calls as [(typeof calls)[0], ...typeof calls];
    const withCalls = (list: typeof calls) =>
      only({ ...detached, migrations: detached.migrations.map((one) => ({ ...one, calls: list })) });
    const missing = withCalls([first, ...rest]);
    expect(linkedCalls(missing)).toEqual([first, ...rest].map(({ id }) => id));
    expect(titlesOfCalls(missing)).toEqual(titlesOfCalls(page).filter((_, at) => at !== 1));
    const extra = withCalls([{ ...first, id: 9999 }, ...calls]);
    expect(linkedCalls(extra)).toEqual(linkedCalls(page));
    expect(titlesOfCalls(extra)).toEqual(titlesOfCalls(page));
    const without = only({ ...detached, events: detached.events.filter(({ call }) => call !== second?.id) });
    expect(titlesOfCalls(without)).toEqual(titlesOfCalls(missing));
  });

  test('a failed call is marked, unless the function has no work area', () => {
    const [first] = calls.filter(({ area }) => area);
    const weights = (status: number, hasArea: boolean) => {
      const changed = calls.map(({ area, ...call }) => ({
        ...call,
        rets: call.id === first?.id ? [status] : [0],
        ...(area && (hasArea || call.id !== first?.id) && { area }),
      }));
      const run = { ...detached, migrations: detached.migrations.map((one) => ({ ...one, calls: changed })) };
      return only(run).events.flatMap(({ call, weight }) =>
        weight && call !== undefined ? [[call, weight]] : [],
      );
    };
    expect(weights(-1, true)).toEqual([[first?.id, 'bad']]);
    expect(weights(0, true)).toEqual([]);
    expect(weights(1, true)).toEqual([]);
    expect(weights(-1, false)).toEqual([]);
  });

  test('a reference change names its holder; a missing one leaves the others', () => {
    const changes = page.events.flatMap(({ change }) => change ?? []);
    expect(changes).toHaveLength(detached.ledger.length);
    expect(changes.map(({ who, count }) => ({ who, count }))).toEqual(
      detached.ledger.map(({ who, count }) => ({ who, count })),
    );
    const [, ...rest] = detached.ledger;
    const missing = only({ ...detached, ledger: rest }).events.flatMap(({ change }) => change ?? []);
    expect(missing.map(({ who, count }) => ({ who, count }))).toEqual(
      rest.map(({ who, count }) => ({ who, count })),
    );
  });

  test('a warning is one event, and its findings link to it', () => {
    const warning = page.findings.find((finding) => finding.rule === 'use-after-free');
    expect(page.events.find(({ id }) => id === warning?.event)).toMatchObject({
      kind: 'warning',
      weight: 'bad',
      meaning: expect.stringContaining('after its last reference was dropped'),
    });
    expect(page.events.filter(({ kind }) => kind === 'warning')).toHaveLength(3);
  });

  test('links are by id: they stay when ids are not positions', () => {
    const renumbered = only({
      ...detached,
      events: detached.events.map((event) => ({ ...event, id: event.id + 100 })),
      ledger: detached.ledger.map((change) => ({ ...change, event: (change.event ?? 0) + 100 })),
    });
    expect(renumbered.findings.map(({ event }) => (event ?? 0) - 100)).toEqual(
      page.findings.map(({ event }) => event ?? 0),
    );
    expect(renumbered.events.map(({ change }) => change)).toEqual(page.events.map(({ change }) => change));
  });

  test('where the events have no log lines, the log follows them, with ids of its own', () => {
    const quiet = detached.events.filter(({ kind }) => kind !== 'log');
    const { events, findings } = only({ ...detached, events: quiet });
    expect(events).toHaveLength(quiet.length + detached.after.log.length);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const warning = findings.find((finding) => finding.rule === 'use-after-free');
    expect(events.find(({ id }) => id === warning?.event)?.kind).toBe('warning');
  });

  test('a finding about a property links to its node', async () => {
    const { findings, tree } = only(await storyUnder('ignore'));
    const stale = findings.filter((finding) => finding.rule === 'stale-property');
    expect(stale.map(({ node }) => tree.names[node ?? -1])).toEqual(
      stale.map(({ subject }) => subject.split('/').at(-2)),
    );
  });

  test('without events of the model, log lines show when nodes are attached and detached', () => {
    const logged = { ...detached, events: [], ledger: [] };
    const kinds = only(logged).events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'detach')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'attach')).toHaveLength(1);
  });
});

test('a property that is omitted from one of two trees is no change', () => {
  const secret = (name: string) => node(name, [cells('a', 1), cells('key', 2)]);
  const bare = (name: string, value = 1) => node(name, [cells('a', value)]);
  const root = (...children: ReturnType<typeof node>[]) => tree(node('', [], children));
  const full = { tree: root(secret('one'), secret('two'), secret('three')), name: 'full', unread: [] };
  const redacted = {
    tree: root(bare('one'), bare('two'), bare('three', 4)),
    name: 'redacted',
    unread: [],
    leftOut: ['/one/key', '/three/key', '/gone/key'],
  };
  for (const [before, after] of [
    [full, redacted],
    [redacted, full],
  ] as const) {
    const page = diffPage('d', before, after, []).runs[0] as PageRun;
    expect(['one', 'two', 'three'].map((name) => stateOf(page, name))).toEqual([
      'kept',
      'updated',
      'updated',
    ]);
    expect(page.tree.properties[page.tree.names.indexOf('one')]).toContainEqual(['key', '00000002']);
  }
  const at = (part: { tree: (typeof full)['tree'] }) => ({ ...detached.after, tree: part.tree });
  const { verdict } = detached;
  const parts = { name: 'm', verdict, story: storyOf([]), wanted: undefined, leftOut: redacted.leftOut };
  const audited = auditPage({ ...parts, observation: at(redacted), before: at(full) }).runs[0] as PageRun;
  expect(stateOf(audited, 'one')).toBe('kept');
});

test('the page of an audit has the same form, without unknown parts', () => {
  const { after: observation, verdict } = detached;
  const rest = { story: storyOf(observation.log), before: undefined, wanted: undefined };
  const page = auditPage({ name: 'machine', observation, verdict, ...rest });
  expect(page.runs[0]?.summary?.map(([label]) => label)).toEqual([
    'happened',
    'damaged',
    'restart',
    'do',
    'fixed in',
  ]);
  expect(page.runs[0]?.tree).toMatchObject({ hasBefore: false, hasWanted: false });
  expect(page.runs[0]?.events.length).toBe(observation.log.length);
  expect(page.runs[0]?.findings).toHaveLength(verdict.findings.length);
  const safe = { outcome: 'safe', findings: [], allowed: [] } as const;
  const clean = auditPage({ name: 'm', observation, verdict: safe, ...rest });
  expect(clean.runs[0]?.conclusion).toMatch(/no expected tree given/);
});

test('embedded JSON cannot end its element or start a comment', () => {
  const text = jsonForHtml({ a: '</script><!--<script>\u2028' });
  expect(text).not.toMatch(/[<\u2028]/);
  expect(JSON.parse(text)).toEqual({ a: '</script><!--<script>\u2028' });
});
