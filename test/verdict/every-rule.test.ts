import { describe, expect, test } from 'vitest';
import { node, type Tree, type TreeNode, tree } from '../../src/devicetree/index.ts';
import type { VioDevice } from '../../src/partition/index.ts';
import { type Evidence, judge, rules } from '../../src/verdict/index.ts';
import { cells, facilities, observation, random, text, traced } from './evidence.ts';

/** A healthy run of our own: no rule may find anything. */
const healthy: Evidence = {
  source: facilities([random]),
  destination: facilities([random]),
  before: observation(),
  after: observation(),
  outcomes: [{ written: { ok: true, value: 7 }, clients: [] }],
};

/** A captured machine with what a test gives, and nothing else. */
const captured = (of: Parameters<typeof observation>[0], more: Partial<Evidence> = {}): Evidence => ({
  ...more,
  after: observation(of),
});
const logged = (...lines: readonly string[]) => captured({ lines });
const treeOf = (...children: readonly TreeNode[]): Tree => tree(node('', [], [...children]));
const [device] = observation().devices as readonly [VioDevice];
const compression = (length: number) =>
  facilities([
    node('ibm,compression-v1', [
      cells('ibm,phandle', 4),
      cells('ibm,max-sg-len', length),
      cells('ibm,max-sync-cop', 1, 4096, 16, 1, 4096, 16),
    ]),
  ]);
const bound: VioDevice = { ...device, name: 'ibm,compression-v1', driver: 'nx_compress_pseries' };
const cache = (name: string, phandle: number) =>
  node(name, [text('device_type', 'cache'), cells('ibm,phandle', phandle)]);
const held = { path: '/a', phandle: 5, generation: 1, boot: true, state: 'detached', count: 1 } as const;

/** For each rule, the evidence in which it fires. */
const firing: Readonly<Record<string, Evidence>> = {
  'kernel-oops': logged('Oops: Kernel access of bad area, sig: 11 [#1]'),
  'use-after-free': logged(...traced('refcount_t: addition on 0; use-after-free.', 'of_node_get')),
  'use-after-free-elsewhere': logged(
    ...traced('refcount_t: underflow; use-after-free.', 'sk_free', 'a', 'b'),
  ),
  'bad-put': logged('OF: ERROR: Bad of_node_put() on /cpus/l2-cache@2010'),
  'freed-with-children': logged('OF: ERROR: of_node_release() unexpected children for /a/b'),
  'cache-mismatch': logged('cache for /cpus/a(Unified) refers to cache for /cpus/b(Unified)'),
  'process-crashed': logged(
    'mobility: memory transfer completed.',
    'systemd[1]: segfault (11) at 0 nip 0 lr 0 code 1',
  ),
  'migration-failed': { ...healthy, outcomes: [{ written: { ok: false, errno: 'EIO' }, clients: [] }] },
  'update-aborted': logged('mobility: device tree update failed: -2'),
  'changeset-failed': logged('OF: Error applying changeset (-17)'),
  'desynchronised-list': logged('mobility: Failed lookup: phandle 0x0 for action 0x20000000'),
  'lost-node': { ...healthy, after: observation({ tree: facilities([]) }) },
  'childless-facilities': captured({ tree: facilities([]) }),
  'dangling-link': captured({ devices: [{ ...device, ofNode: { state: 'dangling', target: 'x' } }] }),
  'device-without-node': captured({ devices: [{ ...device, ofNode: { state: 'absent' } }] }),
  'renamed-node': captured({ tree: facilities([random, { ...random, name: 'ibm,random-v1#1' }]) }),
  'duplicate-phandle': captured({ tree: facilities([random, { ...random, name: 'other' }]) }),
  'driver-unbound': { ...healthy, after: observation({ devices: [{ ...device, driver: null }] }) },
  'client-failed': {
    ...healthy,
    outcomes: [
      { written: { ok: true, value: 7 }, clients: [{ name: 'x', succeeded: 0, failed: { EIO: 1 } }] },
    ],
  },
  'leaked-reference': captured({ references: [{ ...held, holders: [{ who: 'vio a', count: 1 }] }] }),
  'driver-kept-old-value': captured({
    tree: compression(2048),
    drivers: [{ driver: 'nx-compress-pseries', device: 'ibm,compression-v1', values: { max_sg_len: 4080 } }],
  }),
  'probe-only-property': captured(
    { tree: compression(2048), devices: [bound] },
    { before: observation({ tree: compression(4080), devices: [bound] }) },
  ),
  'kept-node': { ...healthy, destination: facilities([]) },
  'stale-property': {
    ...healthy,
    destination: facilities([{ ...random, properties: [cells('ibm,phandle', 0xfffffff5), text('a', 'b')] }]),
  },
  'property-not-updated': logged('mobility: updating ibm,loc-code property failed: -12'),
  'ignored-update': logged(
    'mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285',
  ),
  'update-not-begun': logged('Could not make post-mobility activate-fw call.'),
  'accelerator-credits': logged('vas: Target credits mismatch with the hypervisor'),
  'suspend-failed': logged('mobility: ibm,suspend-me error: -9004'),
  'connector-failed': logged('Unexpected Error (-9003) returned from configure-connector'),
  'dlpar-failed': logged('dlpar: Could not handle DLPAR request "cpu add count 2"'),
  'adapter-trouble': logged('ibmvfc 30000003: Error after enable (rc=-11)'),
  'accelerator-failed': logged('vas: H_ALLOCATE_VAS_WINDOW error: -9, wintype: 1, credits: 0'),
  'firmware-not-activated': logged('rtas: ibm,activate-firmware failed (-1)'),
  'kernel-stalled': logged('watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [cat:77]'),
  'kernel-warning': logged(...traced('something is odd', 'some_function')),
  'missing-entry': logged("sysfs: cannot create duplicate filename '/devices/platform/x'"),
  'refused-request': logged('sys_rtas: RTAS call blocked - exploit attempt?'),
  'duplicate-name': logged('Duplicate name in cpus, renamed to "l2-cache@2011#1"'),
  'failed-lookup': {
    ...healthy,
    after: observation({ lines: ['mobility: Failed lookup: phandle 0x7 for action 0x1000000'] }),
  },
  'broken-reference': captured({ tree: treeOf(node('cpu', [cells('l2-cache', 0x2010)])) }),
  'orphan-cache': captured({
    tree: treeOf(node('cpu', [text('device_type', 'cpu')]), cache('l2', 2)),
  }),
  'node-without-device': captured({
    tree: facilities([random, node('ibm,new-v1', [cells('ibm,phandle', 9)])]),
  }),
  'device-disabled': logged('nx_compress_pseries ibm,compression-v1: nx842_OF_upd: device disabled'),
};

const found = (rule: string, evidence: Evidence) =>
  judge(evidence).findings.filter((finding) => finding.rule === rule);

describe.each(rules.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  test('fires', () => {
    const evidence = firing[name];
    if (!evidence) throw new Error(`no evidence in which ${name} fires`);
    const findings = found(name, evidence);
    expect(findings).not.toEqual([]);
    for (const finding of findings) {
      expect(finding.severity).toBe(rule.severity);
      expect(finding.subject).not.toBe('');
      expect(finding.message).not.toBe('');
    }
    const { outcome } = judge(evidence);
    if (rule.severity === 'damage') expect(outcome).toBe('damaged');
    if (rule.severity === 'stale') expect(['stale', 'damaged']).toContain(outcome);
  });

  test('does not fire on a healthy partition', () => {
    expect(found(name, healthy)).toEqual([]);
  });
});
