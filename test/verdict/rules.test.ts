import { describe, expect, test } from 'vitest';
import { node } from '../../src/devicetree/index.ts';
import { type Evidence, judge } from '../../src/verdict/index.ts';
import { cells, facilities, observation, random, text, traced } from './evidence.ts';

/** What a rule says of the evidence, as `subject: message`. */
function says(rule: string, evidence: Evidence): string[] {
  return judge(evidence)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ subject, message }) => `${subject}: ${message}`);
}

/** A healthy migration: every rule must keep silent about it. */
const healthy: Evidence = {
  source: facilities([random]),
  destination: facilities([random]),
  before: observation(),
  after: observation(),
  outcomes: [
    { written: { ok: true, value: 7 }, clients: [{ name: 'reads devspec', succeeded: 3, failed: {} }] },
  ],
};

const afterwards = (after: Parameters<typeof observation>[0], more: Partial<Evidence> = {}): Evidence => ({
  ...healthy,
  ...more,
  after: observation(after),
});

test('nothing is said of a healthy migration', () => {
  expect(judge(healthy)).toEqual({ outcome: 'safe', findings: [], allowed: [] });
});

describe('memory', () => {
  test('use-after-free: a refcount warning that was not there before', () => {
    const message = 'refcount_t: addition on 0; use-after-free.';
    const lines = traced(message, 'kobject_get', 'of_node_get', 'devspec_show');
    expect(says('use-after-free', afterwards({ lines }))).toEqual([`devspec_show: ${message}`]);
    const old = observation({ lines });
    expect(says('use-after-free', { ...healthy, before: old, after: old })).toEqual([]);
  });

  test('use-after-free: other warnings, and counts of something else, are not its business', () => {
    expect(
      says('use-after-free', afterwards({ lines: traced('sysfs: cannot create', 'of_node_get') })),
    ).toEqual([]);
    const elsewhere = traced('refcount_t: underflow; use-after-free.', 'sk_free', 'tcp_close');
    expect(says('use-after-free', afterwards({ lines: elsewhere }))).toEqual([]);
    expect(says('use-after-free-elsewhere', afterwards({ lines: elsewhere }))).toHaveLength(1);
  });

  test('kernel-oops', () => {
    const line = 'Unable to handle kernel data access on read at 0x6b6b6b6b6b6b6b6b';
    expect(says('kernel-oops', afterwards({ lines: [line] }))).toEqual([`kernel: ${line}`]);
    expect(says('kernel-oops', afterwards({ lines: ['mobility: no BUG: here'] }))).toEqual([]);
    const one = [
      line,
      'Oops: Kernel access of bad area, sig: 11 [#1]',
      'Kernel panic - not syncing: Fatal exception',
    ];
    expect(says('kernel-oops', afterwards({ lines: one }))).toEqual([`kernel: ${line}`]);
  });

  test('leaked-reference: a node that left the tree and is still held', () => {
    const base = { path: '/a', phandle: 5, generation: 1, boot: true };
    const holders = [{ who: 'vio a', count: 1 }];
    const held = { ...base, state: 'detached', count: 1, holders } as const;
    expect(says('leaked-reference', afterwards({ references: [held] }))).toEqual(['/a: detached, count 1']);
    const fine = [
      { ...base, state: 'attached', count: 3, holders },
      { ...base, state: 'released', count: 0, holders: [] },
    ] as const;
    expect(says('leaked-reference', afterwards({ references: fine }))).toEqual([]);
  });

  describe('with a ledger', () => {
    const change = (
      seconds: number,
      step: string,
      who: string,
      by: 1 | -1,
      count: number,
      generation = 1,
    ) => ({
      seconds,
      step,
      path: '/a',
      phandle: 5,
      generation,
      who,
      change: by,
      count,
    });
    const evidenceOf = (rule: string, evidence: Evidence, ledger: Parameters<typeof judge>[2] = []) =>
      judge(evidence, [], ledger).findings.find((finding) => finding.rule === rule)?.evidence;

    test('use-after-free names the last reference, the step at which it went, and who came afterwards', () => {
      const message = 'refcount_t: addition on 0; use-after-free.';
      const seen = { lines: traced(message, 'of_node_get') };
      const ledger = [
        change(0, 'delete /a', 'sysfs', -1, 1),
        change(0, 'delete /a', 'initial', -1, 0),
        change(0, 'add under /', 'sysfs', 1, 2, 2),
        change(2, 'read devspec of b', 'printing %pOF', 1, -1),
        change(2, 'read devspec of b', 'printing %pOF', -1, -1),
      ];
      expect(evidenceOf('use-after-free', afterwards(seen), ledger)).toEqual([
        '/a: the last reference, initial, went at delete /a',
        'used again by printing %pOF at read devspec of b',
        'of_node_get',
      ]);
      // What was used only later is not what the warning is about, nor is what died and was left alone.
      const later = ledger.map((each) => ({ ...each, seconds: each.seconds + 3 }));
      expect(evidenceOf('use-after-free', afterwards(seen), later)).toEqual(['of_node_get']);
      expect(evidenceOf('use-after-free', afterwards(seen), ledger.slice(0, 3))).toEqual(['of_node_get']);
    });

    test('leaked-reference lists since when the node is held, and when it left the tree', () => {
      const node = {
        path: '/a',
        phandle: 5,
        generation: 1,
        boot: true,
        state: 'detached',
        count: 3,
      } as const;
      const holders = [
        { who: 'vio a', count: 1 },
        { who: 'ofdt', count: 2 },
      ];
      const ledger = [
        change(0, 'boot', 'vio a', 1, 3),
        change(1, 'write /proc/ppc64/ofdt', 'ofdt', 1, 4),
        change(2, 'delete /a', 'sysfs', -1, 4),
        change(3, 'add under /', 'vio a', 1, 3, 2),
      ];
      const references = [{ ...node, holders }];
      expect(evidenceOf('leaked-reference', afterwards({ references }), ledger)).toEqual([
        'held by vio a, taken at boot',
        'held 2 times by ofdt, taken at write /proc/ppc64/ofdt',
        'left the tree at delete /a',
      ]);
      expect(evidenceOf('leaked-reference', afterwards({ references }))).toEqual([
        'held by vio a',
        'held 2 times by ofdt',
      ]);
    });
  });
});

describe('tree', () => {
  test('lost-node: the destination has it, the live tree has not', () => {
    expect(says('lost-node', afterwards({ tree: facilities([]) }))).toEqual([
      '/ibm,platform-facilities/ibm,random-v1: gone from the live tree',
    ]);
    const destination = facilities([random, node('ibm,new-v1', [cells('ibm,phandle', 9)])]);
    expect(says('lost-node', { ...healthy, destination })).toEqual([
      '/ibm,platform-facilities/ibm,new-v1: new on the destination, never arrived',
    ]);
  });

  test('kept-node: the destination has it no more', () => {
    expect(says('kept-node', { ...healthy, destination: facilities([]) })).toEqual([
      '/ibm,platform-facilities/ibm,random-v1: gone on the destination, still in the live tree',
    ]);
  });

  test('renamed-node: only what was renamed since', () => {
    const doubled = facilities([random, { ...random, name: 'ibm,random-v1#1' }]);
    expect(says('renamed-node', afterwards({ tree: doubled }))).toEqual([
      '/ibm,platform-facilities/ibm,random-v1#1: its name was taken when it was attached',
    ]);
    const before = observation({ tree: doubled });
    expect(says('renamed-node', afterwards({ tree: doubled }, { before }))).toEqual([]);
  });

  test('duplicate-phandle', () => {
    const tree = facilities([random, { ...random, name: 'ibm,random-v1#1' }]);
    expect(says('duplicate-phandle', afterwards({ tree }))).toEqual([
      '/ibm,platform-facilities/ibm,random-v1: phandle 0xfffffff5 names 2 nodes',
    ]);
  });

  test('stale-property: changed, missing and kept values', () => {
    const moved = {
      ...random,
      properties: [
        cells('ibm,phandle', 0xfffffff5),
        cells('ibm,shared-interrupt-pool', 2),
        text('status', 'okay'),
      ],
    };
    const path = '/ibm,platform-facilities/ibm,random-v1';
    expect(says('stale-property', { ...healthy, destination: facilities([moved]) })).toEqual([
      `${path}/ibm,shared-interrupt-pool: has not taken the new value`,
      `${path}/status: is missing`,
    ]);
    const bare = { ...random, properties: [cells('ibm,phandle', 0xfffffff5)] };
    expect(says('stale-property', { ...healthy, destination: facilities([bare]) })).toEqual([
      `${path}/ibm,shared-interrupt-pool: is gone on the destination, still in the live tree`,
    ]);
  });

  test('stale-property: what the kernel adds by itself does not count', () => {
    const tree = facilities([{ ...random, properties: [...random.properties, text('name', 'ibm,random')] }]);
    expect(says('stale-property', afterwards({ tree }))).toEqual([]);
  });
});

describe('devices', () => {
  const [device] = observation().devices;
  if (!device) throw new Error('the healthy observation has a device');

  test('dangling-link', () => {
    const target = '../../../firmware/devicetree/base/x';
    const devices = [{ ...device, ofNode: { state: 'dangling', target } as const }];
    expect(says('dangling-link', afterwards({ devices }))).toEqual([
      `/sys/devices/vio/ibm,random-v1/of_node: broken symbolic link to ${target}`,
    ]);
  });

  test('driver-unbound', () => {
    expect(says('driver-unbound', afterwards({ devices: [{ ...device, driver: null }] }))).toEqual([
      '/sys/devices/vio/ibm,random-v1: no longer bound to pseries-rng',
    ]);
    expect(says('driver-unbound', afterwards({ devices: [] }))).toEqual([
      '/sys/devices/vio/ibm,random-v1: the device is gone',
    ]);
  });

  test('driver-kept-old-value: limits in force differ from the node', () => {
    const compression = node('ibm,compression-v1', [
      cells('ibm,max-sync-cop', 1, 32768, 255, 1, 32768, 255),
      cells('ibm,max-sg-len', 2048),
    ]);
    const values = { max_sync_size: 65536, max_sync_sg: 255, max_sg_len: 2048 };
    const drivers = [{ driver: 'nx-compress-pseries', device: 'ibm,compression-v1', values }];
    expect(says('driver-kept-old-value', afterwards({ tree: facilities([compression]), drivers }))).toEqual([
      '/ibm,platform-facilities/ibm,compression-v1: nx-compress-pseries works with max_sync_size 65536, its node says 32768',
    ]);
  });

  test('client-failed', () => {
    const outcomes = [
      {
        written: { ok: true, value: 7 },
        clients: [{ name: 'reads x', succeeded: 2, failed: { ENODEV: 1 } }],
      },
    ] as const;
    expect(says('client-failed', { ...healthy, outcomes })).toEqual(['reads x: 1 × ENODEV']);
  });
});

describe('update', () => {
  test('failed-lookup warns in a run of our own, and does not make a partition unsafe', () => {
    const line = 'mobility: Failed lookup: phandle 0xfffffff5 for action 0x1000000';
    const verdict = judge(afterwards({ lines: [line] }));
    expect(verdict.outcome).toBe('safe');
    expect(verdict.findings.map((finding) => finding.rule)).toEqual(['failed-lookup']);
    expect(says('failed-lookup', { after: observation({ lines: [line] }) })).toEqual([]);
  });

  test.each([
    ['mobility: Failed lookup: phandle 0x0 for action 0x20000000', 'word 0 taken for a phandle'],
    ['mobility: Failed lookup: phandle 0x5 for action 0x20000000', 'word 0x20000000 taken for an operator'],
  ])('desynchronised-list: %s', (line, message) => {
    expect(says('desynchronised-list', afterwards({ lines: [line] }))).toEqual([
      `action 0x20000000: ${message}`,
    ]);
  });

  test.each(['mobility: device tree update failed: -2', 'Post-mobility device tree update failed: -2'])(
    'update-aborted: %s',
    (line) => {
      expect(says('update-aborted', afterwards({ lines: [line] }))).toEqual([
        'ibm,update-nodes: status -2 ended the update',
      ]);
    },
  );

  test('connector-failed', () => {
    const line = 'Unexpected Error (-9003) returned from configure-connector';
    expect(says('connector-failed', afterwards({ lines: [line] }))).toEqual([
      'ibm,configure-connector: status -9003',
    ]);
  });

  test('migration-failed', () => {
    const outcomes = [{ written: { ok: false, errno: 'EIO' }, clients: [] }] as const;
    expect(says('migration-failed', { ...healthy, outcomes })).toEqual([
      '/sys/kernel/mobility/migration: migration 1: EIO',
    ]);
  });
});

describe('outcome', () => {
  test('damage outweighs staleness', () => {
    expect(judge({ ...healthy, destination: facilities([]) }).outcome).toBe('stale');
    expect(judge(afterwards({ tree: facilities([]) }, { destination: facilities([random]) })).outcome).toBe(
      'damaged',
    );
  });

  test('allowed rules are listed and do not count', () => {
    const verdict = judge({ ...healthy, destination: facilities([]) }, ['kept-node']);
    expect(verdict).toMatchObject({
      outcome: 'safe',
      findings: [{ rule: 'kept-node' }],
      allowed: ['kept-node'],
    });
  });
});
