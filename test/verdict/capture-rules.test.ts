import { describe, expect, test } from 'vitest';
import { node, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { type Evidence, judge, rules } from '../../src/verdict/index.ts';
import { cells, facilities, observation, random, text } from './evidence.ts';

/** What a rule says of the evidence, as `subject: message`. */
function says(rule: string, evidence: Evidence): string[] {
  return judge(evidence)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ subject, message }) => `${subject}: ${message}`);
}

const seen = (of: Parameters<typeof observation>[0], more: Partial<Evidence> = {}): Evidence => ({
  ...more,
  after: observation(of),
});
const rooted = (...children: TreeNode[]) => tree(node('', [], children));
const [device] = observation().devices;

test('every rule says why it matters, what to do, and where it is fixed', () => {
  for (const { name, why, remedy, fixedIn } of rules) {
    for (const sentence of [why, remedy]) expect(sentence, name).toMatch(/^[A-Za-z].*[^ ]$/);
    for (const { since, commit } of fixedIn) expect(`${since} ${commit}`, name).toMatch(/^\d\.\d+ \S/);
  }
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});

describe('the bus and the tree', () => {
  test('device-without-node: no link at all, and not so before', () => {
    const devices = [{ name: 'x', driver: null, ofNode: { state: 'absent' } as const }];
    expect(says('device-without-node', seen({ devices }))).toEqual([
      '/sys/devices/vio/x: it has no of_node link',
    ]);
    expect(says('device-without-node', seen({ devices }, { before: observation({ devices }) }))).toEqual([]);
    expect(says('device-without-node', seen({}))).toEqual([]);
  });

  test('node-without-device: a facility, and a virtual device where such are shown', () => {
    const late = node('ibm,compression-v1', [cells('ibm,phandle', 9)]);
    const found = facilities([random, late]);
    expect(says('node-without-device', seen({ tree: found }))).toEqual([
      '/ibm,platform-facilities/ibm,compression-v1: the VIO bus has no device for it',
    ]);
    expect(says('node-without-device', seen({ tree: found, devices: [] }))).toEqual([]);
    expect(
      says(
        'node-without-device',
        seen({ tree: facilities([random, node('ic', [cells('interrupt-controller')])]) }),
      ),
    ).toEqual([]);
    const vdevice = rooted(
      node(
        'vdevice',
        [],
        [
          node('l-lan@30000002', [cells('reg', 0x30000002), text('device_type', 'network')]),
          node('nvram@1', [cells('reg', 1)]),
        ],
      ),
    );
    expect(says('node-without-device', seen({ tree: vdevice }))).toEqual([]);
    const bus = [{ name: '30000000', driver: null, ofNode: { state: 'absent' } as const }];
    expect(says('node-without-device', seen({ tree: vdevice, devices: bus }))).toEqual([
      '/vdevice/l-lan@30000002: the VIO bus has no device for it',
    ]);
    expect(
      says(
        'node-without-device',
        seen({ tree: vdevice, devices: [{ ...bus[0], name: '30000002' } as never] }),
      ),
    ).toEqual([]);
  });

  test('childless-facilities: unless it had none, or should have none', () => {
    const none = facilities([]);
    expect(says('childless-facilities', seen({ tree: none }))).toEqual([
      '/ibm,platform-facilities: it has no children',
    ]);
    expect(
      judge(seen({ tree: none }, { before: observation() })).findings.find(
        ({ rule }) => rule === 'childless-facilities',
      )?.evidence,
    ).toEqual(['had ibm,random-v1']);
    expect(
      says('childless-facilities', seen({ tree: none }, { before: observation({ tree: none }) })),
    ).toEqual([]);
    expect(says('childless-facilities', seen({ tree: none }, { destination: none }))).toEqual([]);
    expect(says('childless-facilities', seen({ tree: rooted() }))).toEqual([]);
  });

  test('broken-reference: by either name space of phandles, and only what broke since', () => {
    const cpu = (...more: Parameters<typeof node>[1] & object[]) =>
      rooted(node('cpu', [cells('l2-cache', 0x2010)]), node('cache', [...more]));
    expect(says('broken-reference', seen({ tree: cpu() }))).toEqual([
      '/cpu:l2-cache: no node has phandle 0x2010',
    ]);
    expect(says('broken-reference', seen({ tree: cpu(cells('ibm,phandle', 0x2010)) }))).toEqual([]);
    expect(
      says('broken-reference', seen({ tree: cpu(cells('ibm,phandle', 7), cells('linux,phandle', 0x2010)) })),
    ).toEqual([]);
    expect(says('broken-reference', seen({ tree: cpu() }, { before: observation({ tree: cpu() }) }))).toEqual(
      [],
    );
  });

  test('orphan-cache: reached by no CPU, directly or through another cache', () => {
    const cpu = node('cpu', [text('device_type', 'cpu'), cells('l2-cache', 2)]);
    const cache = (name: string, phandle: number, next?: number) =>
      node(name, [
        text('device_type', 'cache'),
        cells('ibm,phandle', phandle),
        ...(next === undefined ? [] : [cells('l2-cache', next)]),
      ]);
    const whole = rooted(cpu, cache('l2', 2, 3), cache('l3', 3, 2));
    expect(says('orphan-cache', seen({ tree: whole }))).toEqual([]);
    const old = rooted(cpu, cache('l2', 2), cache('l3', 3), cache('old', 4, 3));
    expect(says('orphan-cache', seen({ tree: old }))).toEqual([
      '/l3: no CPU refers to it',
      '/old: no CPU refers to it',
    ]);
    expect(says('orphan-cache', seen({ tree: old }, { before: observation({ tree: old }) }))).toEqual([]);
    expect(says('orphan-cache', seen({ tree: rooted(cache('l2', 2)) }))).toEqual([]);
  });
});

describe('drivers', () => {
  const compression = (length: number) =>
    facilities([
      node('ibm,compression-v1', [
        cells('ibm,phandle', 4),
        cells('ibm,max-sg-len', length),
        cells('ibm,x', length),
      ]),
    ]);
  const devices = [
    {
      ...device,
      name: 'ibm,compression-v1',
      driver: 'nx_compress_pseries',
      ofNode: { state: 'resolves', target: 'x' } as const,
    },
  ];
  const changed = (more: Parameters<typeof observation>[0] = {}, earlier = devices) =>
    seen(
      { tree: compression(2048), devices, ...more },
      { before: observation({ tree: compression(4080), devices: earlier }) },
    );

  test('probe-only-property: what the driver read, changed under it', () => {
    const { findings } = judge(changed());
    expect(findings.filter(({ rule }) => rule === 'probe-only-property')).toMatchObject([
      {
        subject: '/ibm,platform-facilities/ibm,compression-v1:ibm,max-sg-len',
        evidence: ['driver: <0xff0>', 'tree:   <0x800>'],
      },
    ]);
  });

  test('probe-only-property: silent where the driver was bound since, has reported its values, or nothing is known from before', () => {
    expect(says('probe-only-property', changed({}, [{ ...devices[0], driver: null } as never]))).toEqual([]);
    expect(
      says(
        'probe-only-property',
        changed({ drivers: [{ driver: 'nx-compress-pseries', device: 'ibm,compression-v1', values: {} }] }),
      ),
    ).toEqual([]);
    expect(says('probe-only-property', seen({ tree: compression(1), devices }))).toEqual([]);
    expect(
      says(
        'probe-only-property',
        changed({ devices: [{ ...devices[0], driver: 'other' } as never] }, [
          { ...devices[0], driver: 'other' } as never,
        ]),
      ),
    ).toEqual([]);
  });
});

describe('log', () => {
  const ignored = 'mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285';

  test('ignored-update: names the properties that may be stale, once, and not the parent', () => {
    const lines = [
      ignored,
      'mobility: ignoring remove operation for /ibm,platform-facilities:4294967286',
      'mobility: ignoring add operation for /ibm,platform-facilities',
      ignored,
    ];
    const { findings, outcome } = judge(seen({ lines }));
    expect(outcome).toBe('stale');
    expect(findings.filter(({ rule }) => rule === 'ignored-update')).toMatchObject([
      {
        subject: '/ibm,platform-facilities/ibm,random-v1',
        message: 'kept as it was: ibm,shared-interrupt-pool',
        evidence: [ignored, 'ibm,shared-interrupt-pool = <0x1>'],
        logAt: 0,
      },
    ]);
  });

  test('ignored-update: silent where the destination is known, or the lines are from before', () => {
    expect(says('ignored-update', seen({ lines: [ignored] }, { destination: facilities([random]) }))).toEqual(
      [],
    );
    expect(
      says('ignored-update', seen({ lines: [ignored] }, { before: observation({ lines: [ignored] }) })),
    ).toEqual([]);
  });

  test.each([
    [
      'bad-put',
      'OF: ERROR: Bad of_node_put() on /cpus/l2-cache@2010',
      '/cpus/l2-cache@2010: a reference was dropped that was not held',
    ],
    [
      'duplicate-name',
      'Duplicate name in cpus, renamed to "l2-cache@2011#1"',
      'cpus: a second l2-cache@2011 was added',
    ],
    [
      'device-disabled',
      'nx_compress_pseries ibm,compression-v1: nx842_OF_upd: device disabled',
      '/ibm,platform-facilities/ibm,compression-v1: its driver has disabled it',
    ],
    ['suspend-failed', 'mobility: ibm,suspend-me error: -9004', 'ibm,suspend-me: status -9004'],
    [
      'property-not-updated',
      'mobility: updating ibm,loc-code property failed: -12',
      'ibm,loc-code: not updated',
    ],
    ['property-not-updated', 'Could not update ibm,loc-code property', 'ibm,loc-code: not updated'],
  ])('%s: %s', (rule, line, said) => {
    expect(says(rule, seen({ lines: [line] }))).toEqual([said]);
    expect(says(rule, seen({ lines: [`x ${line}`, line.slice(0, 12)] }))).toEqual([]);
  });

  test('what the earlier log has, though its beginning is lost by now or it is all of another boot, is separated', () => {
    const line = (seconds: number, text: string) => ({ seconds, text });
    const [old, now] = [
      line(1, 'mobility: ibm,suspend-me error: -1'),
      line(2, 'mobility: ibm,suspend-me error: -2'),
    ];
    const before = observation({ log: [line(0, 'boot'), old] });
    expect(says('suspend-failed', seen({ log: [old, now] }, { before }))).toEqual([
      'ibm,suspend-me: status -2',
    ]);
    expect(says('suspend-failed', seen({ log: [line(0, 'boot'), now] }, { before }))).toEqual([
      'ibm,suspend-me: status -2',
    ]);
    expect(says('suspend-failed', seen({ log: [line(0, 'boot'), old] }, { before }))).toEqual([]);
  });
});
