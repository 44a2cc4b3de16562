import { describe, expect } from 'vitest';
import { cells, findByPath, property } from '../../../src/devicetree/index.ts';
import { migrate } from '../../../src/migration/index.ts';
import { facilities, links, mobilityLines, on, scenario, tally } from '../real.ts';
import { testWithKernel } from '../setup/needs.ts';

/** The migration of the linuxppc-dev thread, on unmodified kernels. */

const leaves = [
  'ibm,random-v1:4294967285',
  'ibm,compression-v1:4294967284',
  'ibm,sym-encryption-v1:4294967283',
];
const paths = [
  ...leaves.map((leaf) => `/ibm,platform-facilities/${leaf}`),
  '/ibm,platform-facilities:4294967286',
];

const start = ['mobility: calling ibm,suspend-me on CPU 0', 'mobility: CPU 0 waking all threads'];
const end = ['mobility: waiting for memory transfer to complete...', 'mobility: memory transfer completed.'];

/** The call chain of the original report. */
const chain = [
  'kobject_get',
  'of_node_get',
  'of_get_parent',
  'of_fwnode_get_parent',
  'fwnode_count_parents',
  'fwnode_full_name_string',
  'device_node_string',
  'vsnprintf',
  'sprintf',
  'devspec_show',
];

describe.each(['debian:6.1', 'debian:6.12'])('%s', (kernel) => {
  testWithKernel(kernel, `${kernel}, policy detach: lost nodes, dangling links, use after free`, async () => {
    const run = await migrate(scenario({ policy: 'detach' }), on(kernel));
    expect(run.after.platform).toMatchObject({ kind: 'linux', policy: 'detach (device_type patched)' });
    expect(run.migrations[0]?.outcome.written).toEqual({ ok: true, value: 7 });
    expect(mobilityLines(run)).toEqual([
      ...start,
      ...paths.map((path) => `mobility: removing node ${path}`),
      'mobility: added node /ibm,platform-facilities:4294967286',
      ...end,
    ]);
    expect(facilities(run)).toEqual([]);
    expect(links(run)).toEqual(['dangling', 'dangling', 'dangling']);
    const [first, second] = run.after.warnings;
    expect(first).toMatchObject({
      message: 'refcount_t: addition on 0; use-after-free.',
      place: 'lib/refcount.c:25',
    });
    expect(
      first?.callChain.filter((name) => name !== 'refcount_warn_saturate').slice(0, chain.length),
    ).toEqual(chain);
    expect(second).toMatchObject({
      message: 'refcount_t: underflow; use-after-free.',
      place: 'lib/refcount.c:28',
    });
    expect(tally(run)).toMatchObject({ 'lost-node': 3, 'dangling-link': 3, 'use-after-free': 3 });
    // The observation shows the original device_type.
    const parent = findByPath(run.after.tree, '/ibm,platform-facilities');
    const before = findByPath(run.before.tree, '/ibm,platform-facilities');
    expect(parent && property(parent, 'device_type')).toEqual(before && property(before, 'device_type'));
  });

  testWithKernel(
    kernel,
    `${kernel}, its own policy: nothing breaks, changed properties keep their old values`,
    async () => {
      const run = await migrate(scenario({}), on(kernel));
      expect(run.after.platform.policy).toBe('ignore');
      expect(mobilityLines(run)).toEqual([
        ...start,
        ...paths.map((path) => `mobility: ignoring remove operation for ${path}`),
        'mobility: ignoring add operation for /ibm,platform-facilities',
        ...end,
      ]);
      expect(facilities(run)).toEqual(['ibm,compression-v1', 'ibm,random-v1', 'ibm,sym-encryption-v1']);
      expect(links(run)).toEqual(['resolves', 'resolves', 'resolves']);
      expect(run.after.warnings).toEqual([]);
      expect(tally(run)).toEqual({ 'stale-property': 3 });
      expect(run.workload.map(({ text }) => text)).toContain('/ibm,platform-facilities/ibm,random-v1');
    },
  );
});

testWithKernel(
  'debian:6.1',
  'debian:6.1: the compression driver keeps the limits that it read at probe',
  async () => {
    const to = { maxSyncCop: [32768, 255], maxSgLen: 2048 } as const;
    const run = await migrate(scenario({ to, firmware: 'properties' }), on('debian:6.1'));
    const node = findByPath(run.after.tree, '/ibm,platform-facilities/ibm,compression-v1');
    expect(node && property(node, 'ibm,max-sg-len')).toEqual(cells('ibm,max-sg-len', 2048));
    expect(node && property(node, 'ibm,max-sync-cop')).toEqual(
      cells('ibm,max-sync-cop', 1, 32768, 255, 1, 32768, 255),
    );
    expect(run.after.drivers).toContainEqual({
      driver: 'nx-compress-pseries',
      device: 'ibm,compression-v1',
      values: { max_sync_size: 65536, max_sync_sg: 510, max_sg_len: 4080 },
    });
    const said = run.after.log.slice(run.before.log.length).map(({ text }) => text);
    expect(said.filter((text) => text.endsWith('nx842_OF_upd: max_sg_len new:4080 old:4080'))).toHaveLength(
      2,
    );
    expect(tally(run)).toEqual({ 'driver-kept-old-value': 3 });
  },
);
