import { describe, expect, test } from 'vitest';
import type { RtasTraceEntry } from '../../../src/papr/index.ts';
import type { NodeReferences, ReferenceChange } from '../../../src/partition/index.ts';
import { runsPage } from '../../../src/report/index.ts';
import { pageCall } from '../../../src/report/page/calls.ts';
import type { PageEvent, PageRun } from '../../../src/report/page/document.ts';
import { pageEvents } from '../../../src/report/page/events.ts';
import { pageFindings } from '../../../src/report/page/findings.ts';
import { linkedPath } from '../../../src/report/page/node-states.ts';
import { pageReferences } from '../../../src/report/page/references.ts';
import { storyUnder } from '../../viewer/runs.ts';

const run = await storyUnder('detach');
const paths = ['/', '/a', '/a/b'];
const find = (path: string) => {
  const number = paths.indexOf(path);
  return number < 0 ? undefined : number;
};

describe('findings', () => {
  const nodeOf = (rule: string, subject: string) => {
    const finding = { rule, severity: 'stale' as const, subject, message: '', evidence: [] };
    const device = { driver: null, driverBefore: null, link: 'resolves' as const };
    const devices = [
      { ...device, name: 'dev', node: 2 },
      { ...device, name: 'bare', node: -1 },
    ];
    const verdict = { outcome: 'stale' as const, findings: [finding], allowed: [] };
    return pageFindings(verdict, [], [], devices, find)[0]?.node;
  };

  test.each([
    ['lost-node', '/a', 1],
    ['lost-node', '/a/missing', undefined],
    ['lost-node', '/a:property', 1],
    ['stale-property', '/a/b/property', 2],
    ['stale-property', '/property', 0],
    ['stale-property', '/a/missing/property', undefined],
    ['dangling-link', '/sys/devices/vio/dev/of_node', 2],
    ['dangling-link', 'dev', 2],
    ['dangling-link', 'bare', undefined],
  ])('%s of %s is about node %s', (rule, subject, node) => {
    expect(nodeOf(rule, subject)).toBe(node);
  });

  test('link to the event of their log line, otherwise to the last change of their node', () => {
    const event = (id: number, kind: string, node: number): PageEvent => ({
      id,
      seconds: 0,
      lane: 'of',
      kind,
      text: '',
      node,
    });
    const events = [
      event(10, 'detach', 1),
      event(11, 'attach', 1),
      event(12, 'get', 1),
      event(13, 'detach', 2),
    ];
    const finding = { rule: 'lost-node', severity: 'damage' as const, message: '', evidence: [] };
    const verdict = {
      outcome: 'damaged' as const,
      findings: [
        { ...finding, subject: '/a' },
        { ...finding, subject: '/a', logAt: 1 },
        { ...finding, subject: '/a', logAt: 0 },
        { ...finding, subject: '/missing' },
      ],
      allowed: [],
    };
    const found = pageFindings(verdict, events, [undefined, 77], [], find);
    expect(found.map((one) => one.event)).toEqual([11, 77, 11, undefined]);
  });
});

describe('references', () => {
  const node: NodeReferences = {
    path: '/a',
    phandle: 1,
    generation: 1,
    state: 'attached',
    boot: true,
    count: 1,
    holders: [{ who: 'x', count: 1 }],
  };
  const change: ReferenceChange = {
    seconds: 0,
    step: '',
    path: '/a',
    phandle: 1,
    generation: 1,
    who: 'x',
    change: 1,
    count: 5,
  };

  test('each node is listed once, in the order of the observation, then of the ledger', () => {
    const again = { ...change, generation: 2 };
    const { list, indexOf } = pageReferences([node], [change, again, again], find);
    expect(list.map(([number, generation, , state, count]) => [number, generation, state, count])).toEqual([
      [1, 1, 0, 1],
      [1, 2, 2, 5],
    ]);
    expect([indexOf(change), indexOf(again), indexOf({ ...change, path: '/other' })]).toEqual([0, 1, -1]);
  });

  test('nodes that are in no tree have negative numbers', () => {
    const gone = ['/x', '/y', '/x'].map((path, at) => ({ ...node, path, generation: at + 1 }));
    const { list, unlistedPaths } = pageReferences(gone, [], find);
    expect(unlistedPaths).toEqual(['/x', '/y']);
    expect(list.map(([number]) => number)).toEqual([-1, -2, -1]);
  });

  test('equal lists of holders are stored once, long ones are summed', () => {
    const many = Array.from({ length: 43 }, (_, at) => ({ who: `child ${at}`, count: 2 }));
    const { list, holders } = pageReferences(
      [node, { ...node, path: '/' }, { ...node, path: '/a/b', holders: many }],
      [],
      find,
    );
    expect(list.map((one) => one[5])).toEqual([0, 0, 1]);
    expect(holders[1]).toHaveLength(41);
    expect(holders[1]?.at(-1)).toEqual(['3 more holders', 6]);
  });
});

describe('log lines', () => {
  const line = (text: string) => ({ seconds: 1, text });
  const build = (events: Parameters<typeof pageEvents>[0]['events'], texts: readonly string[]) =>
    pageEvents({
      events,
      calls: [],
      ledger: [],
      after: { ...run.after, log: texts.map(line), warnings: [] },
      find,
      reference: () => 0,
    });
  const logged = (id: number, text: string) => ({ id, seconds: 1, lane: 'log', kind: 'log', text }) as const;
  const other = { id: 9, seconds: 0, lane: 'of', text: 'x' } as const;

  test('equal lines are matched with events in their order', () => {
    const events = [logged(5, 'same'), logged(6, 'other'), logged(7, 'same')];
    expect(build(events, ['same', 'same', 'missing', 'other']).eventOfLine).toEqual([5, 7, undefined, 6]);
  });

  test('a line of the update becomes an event of its node, unless there are such events', () => {
    const text = 'mobility: removing node /a:4294967285';
    const kinds = (kind: string) => build([{ ...other, kind }], [text]).events.map((one) => one.kind);
    expect(build([], [text]).events[0]).toMatchObject({ lane: 'mobility', kind: 'detach', node: 1 });
    expect(kinds('refused')).toEqual(['refused', 'detach']);
    expect(kinds('detach')).toEqual(['detach', 'log']);
    const unknown = 'mobility: removing node /missing:4294967285';
    const [event] = build([], [unknown]).events;
    expect([event?.lane, event?.kind, event?.node]).toEqual(['mobility', 'log', undefined]);
  });

  test('a refusal is marked', () => {
    const weights = ['refused', 'notify'].map((kind) => build([{ ...other, kind }], []).events[0]?.weight);
    expect(weights).toEqual(['bad', undefined]);
  });
});

test('small numbers of an argument block are decimal, large ones hexadecimal', () => {
  const entry: RtasTraceEntry = {
    id: 3,
    name: 'ibm,suspend-me',
    token: 0x202a,
    args: [0xffff, 0x10000],
    nret: 2,
    rets: [-1, 7],
  };
  const { id, areas } = pageCall(entry);
  expect(id).toBe(3);
  expect(areas.map(({ ranges }) => ranges.map(({ meaning, value }) => `${meaning} ${value}`))).toEqual([
    [
      'token ibm,suspend-me',
      'number of arguments 2',
      'number of results 2',
      'argument 1 65535',
      'argument 2 0x10000',
      'status -1',
      'result 1 7',
    ],
  ]);
});

test('devices that are gone are listed, each device with its driver before', () => {
  const ofNode = { state: 'resolves', target: '../../../firmware/devicetree/base' } as const;
  const before = [
    { name: 'stays', driver: 'old', ofNode },
    { name: 'goes', driver: 'old', ofNode },
  ];
  const after = [
    { name: 'stays', driver: 'new', ofNode },
    { name: 'comes', driver: 'new', ofNode: { state: 'absent' } as const },
  ];
  const page = runsPage([
    { ...run, before: { ...run.before, devices: before }, after: { ...run.after, devices: after } },
  ]).runs[0] as PageRun;
  expect(page.devices).toEqual([
    { name: 'stays', driver: 'new', driverBefore: 'old', node: 0, link: 'resolves' },
    { name: 'comes', driver: 'new', driverBefore: null, node: -1, link: 'absent' },
    { name: 'goes', driver: null, driverBefore: 'old', node: 0, link: 'absent' },
  ]);
  expect(page.logLines).toBe(run.after.log.length - run.before.log.length);
  expect(page.logLines).toBeLessThan(run.after.log.length);
});

test('the path in the target of a link', () => {
  expect(linkedPath('../../../firmware/devicetree/base/a/b')).toBe('/a/b');
  expect(linkedPath('../../../firmware/devicetree/base')).toBe('/');
  expect(linkedPath('/elsewhere')).toBe('/elsewhere');
});
