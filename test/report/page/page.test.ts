import { describe, expect, test } from 'vitest';
import { cells, node, tree } from '../../../src/devicetree/index.ts';
import { auditPage, diffPage, runsPage } from '../../../src/report/index.ts';
import { nodeStates, type PageRun } from '../../../src/report/page/document.ts';
import { jsonForHtml } from '../../../src/report/page/html.ts';
import { storyUnder } from '../../viewer/runs.ts';

const detached = await storyUnder('detach');
const only = (run: typeof detached) => runsPage([run]).runs[0] as PageRun;

function fateOf({ tree }: PageRun, name: string): string | undefined {
  return nodeStates[tree.states[tree.names.indexOf(name)] ?? -1];
}

describe('fates', () => {
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
  ])('%s is %s', (name, fate) => {
    expect(fateOf(only(run), name)).toBe(fate);
  });

  test('a property with another value has both', () => {
    const page = only(run).tree;
    expect(page.properties[page.names.indexOf('updated')]).toEqual([['a', '00000002', '00000001']]);
  });
});

describe('moments', () => {
  const page = only(detached);

  test('each RTAS call has its bytes, without the zeros at the end', () => {
    const calls = page.events.filter((moment) => moment.call !== undefined);
    expect(calls).toHaveLength(detached.migrations[0]?.calls.length ?? 0);
    const area = page.calls[calls.find(({ text }) => /^ibm,update-nodes/.test(text))?.call ?? -1]?.areas[2];
    expect(area).toMatchObject({ title: 'work area after', size: 4096 });
    expect(area?.hex).toMatch(/^0{32}01000004fffffff5.*[1-9a-f]0?$/);
    expect(area?.ranges).toContainEqual({
      offset: 20,
      length: 4,
      meaning: 'deleted node',
      value: 'fffffff5',
    });
  });

  test('a reference taken or given back is told with its holder', () => {
    const changes = page.events.flatMap(({ change }) => change ?? []);
    expect(changes).toHaveLength(detached.ledger.length);
    expect(changes.map(({ who, count }) => ({ who, count }))).toEqual(
      detached.ledger.map(({ who, count }) => ({ who, count })),
    );
  });

  test('a warning is one moment, and findings lead to it', () => {
    const warning = page.findings.find((finding) => finding.rule === 'use-after-free');
    expect(page.events[warning?.event ?? -1]).toMatchObject({
      kind: 'warning',
      weight: 'bad',
      meaning: expect.stringContaining('after its last reference was dropped'),
    });
    expect(page.events.filter((moment) => moment.kind === 'warning')).toHaveLength(3);
  });

  test('a finding about a property leads to its node', async () => {
    const { findings, tree } = only(await storyUnder('ignore'));
    const stale = findings.filter((finding) => finding.rule === 'stale-property');
    expect(stale.map(({ node }) => tree.names[node ?? -1])).toEqual(
      stale.map(({ subject }) => subject.split('/').at(-2)),
    );
  });

  test('where only the log tells, its lines say when nodes come and go', () => {
    const logged = { ...detached, events: [], ledger: [] };
    const kinds = only(logged).events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'detach')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'attach')).toHaveLength(1);
  });
});

test('what one of two trees hides is no change of its node', () => {
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
    expect(['one', 'two', 'three'].map((name) => fateOf(page, name))).toEqual(['kept', 'updated', 'updated']);
    expect(page.tree.properties[page.tree.names.indexOf('one')]).toContainEqual(['key', '00000002']);
  }
  const at = (part: { tree: (typeof full)['tree'] }) => ({ ...detached.after, tree: part.tree });
  const parts = { name: 'm', verdict: detached.verdict, wanted: undefined, leftOut: redacted.leftOut };
  const audited = auditPage({ ...parts, observation: at(redacted), before: at(full) }).runs[0] as PageRun;
  expect(fateOf(audited, 'one')).toBe('kept');
});

test('the page of an audit has the same shape, with nothing that is not known', () => {
  const { after: observation, verdict } = detached;
  const page = auditPage({ name: 'machine', observation, verdict, before: undefined, wanted: undefined });
  expect(page.runs[0]?.tree).toMatchObject({ hasBefore: false, hasWanted: false });
  expect(page.runs[0]?.events.length).toBe(observation.log.length);
  expect(page.runs[0]?.findings).toHaveLength(verdict.findings.length);
  const safe = { outcome: 'safe', findings: [], allowed: [] } as const;
  const clean = auditPage({ name: 'm', observation, verdict: safe, before: undefined, wanted: undefined });
  expect(clean.runs[0]?.conclusion).toMatch(/nothing found broken/);
});

test('embedded JSON cannot end its element, nor open a comment', () => {
  const text = jsonForHtml({ a: '</script><!--<script>\u2028' });
  expect(text).not.toMatch(/[<\u2028]/);
  expect(JSON.parse(text)).toEqual({ a: '</script><!--<script>\u2028' });
});
