import { describe, expect, test } from 'vitest';
import { bootKernel } from '../../src/kernel/index.ts';
import type { Observation } from '../../src/partition/index.ts';
import { holdersOf, texts } from './support/booted.ts';
import { facilities, facilitiesPath, leaves, reportedScript, rootOf } from './support/facilities.ts';
import { scripted } from './support/scripted.ts';

/**
 * The reference counts of the use-after-free from boot to the second migration, with policy detach and the log lines of v5.10.
 */
function boot() {
  return bootKernel({
    tree: rootOf(facilities(0x2fffff01)),
    release: '5.10',
    policy: 'detach',
    firmware: scripted({ ...reportedScript, vasi: [3] }),
    ledger: true,
  });
}

const leaf = `${facilitiesPath}/ibm,random-v1`;

function counts(observation: Observation, path: string): string[] {
  return (observation.references ?? [])
    .filter((node) => node.path === path)
    .map((node) => `${node.generation}: ${node.state} ${node.count}`);
}

describe('the worked trace', () => {
  test('at boot a leaf is held three times, its parent five times', () => {
    const { references } = boot().observeSync();
    expect(holdersOf(references, leaf)).toBe('initial, sysfs, vio ibm,random-v1');
    expect(holdersOf(references, facilitiesPath)).toBe(
      'initial, sysfs, child ibm,random-v1 in sysfs, child ibm,compression-v1 in sysfs, child ibm,sym-encryption-v1 in sysfs',
    );
  });

  test('each step changes the counts as described', () => {
    const partition = boot();
    const before = partition.observeSync();
    expect(counts(before, leaf)).toEqual(['1: attached 3']);
    expect(counts(before, facilitiesPath)).toEqual(['1: attached 5']);

    partition.migrateSync(1n, []);
    const lasting = partition
      .ledger()
      .filter(({ step, who }) => step.startsWith('delete') && !/^(lookup|printing|child loop)/.test(who))
      .map(
        ({ step, path, who, change, count }) =>
          `${step}: ${path} ${change > 0 ? '+' : '-'} ${who} = ${count}`,
      );
    const random = `delete ${leaf}`;
    // pseries_devicetree_update holds a reference of its own, so each count is one more than described.
    expect(lasting.filter((line) => line.startsWith(random))).toEqual([
      `${random}: ${facilitiesPath} - child ibm,random-v1 in sysfs = 4`,
      `${random}: ${leaf} - sysfs = 3`,
      `${random}: ${leaf} - initial = 2`,
    ]);
    expect(lasting.filter((line) => line.startsWith(`delete ${facilitiesPath}:`))).toEqual([
      `delete ${facilitiesPath}: / - child ibm,platform-facilities in sysfs = 2`,
      `delete ${facilitiesPath}: ${facilitiesPath} - sysfs = 2`,
      `delete ${facilitiesPath}: ${facilitiesPath} - initial = 1`,
    ]);
    const released = partition.ledger().filter(({ path, count }) => path === facilitiesPath && count === 0);
    expect(released.map(({ who, step }) => `${step}: ${who}`)).toEqual([
      `delete ${facilitiesPath}: lookup in pseries_devicetree_update`,
    ]);

    const after = partition.observeSync();
    expect(counts(after, leaf)).toEqual(['1: detached 1', '2: never attached 1']);
    expect(holdersOf(after.references, leaf)).toBe('vio ibm,random-v1');
    expect(counts(after, facilitiesPath)).toEqual(['1: released 0', '2: attached 2']);
    expect(holdersOf(after.references, facilitiesPath, 2)).toBe('initial, sysfs');
  });

  test('the parent is added back without children, and three links dangle', () => {
    const partition = boot();
    partition.migrateSync(1n, []);
    const { tree, devices } = partition.observeSync();
    expect(tree.root.children.map((child) => [child.name, child.children.length])).toEqual([
      ['ibm,platform-facilities', 0],
    ]);
    expect(devices.map(({ ofNode }) => ofNode)).toEqual(
      leaves.map((name) => ({
        state: 'dangling',
        target: `../../../firmware/devicetree/base/ibm,platform-facilities/${name}`,
      })),
    );
  });

  test('reading devspec warns three times per boot', () => {
    const partition = boot();
    partition.migrateSync(1n, []);
    for (const name of leaves) {
      const read = partition.readFileSync(`/sys/devices/vio/${name}/devspec`);
      expect(read.ok && String.fromCharCode(...read.value)).toBe(`${facilitiesPath}/${name}\n`);
    }
    const { warnings, references } = partition.observeSync();
    expect(warnings.map(({ message, place }) => `${place} ${message}`)).toEqual([
      'lib/refcount.c:25 refcount_t: addition on 0; use-after-free.',
      'lib/refcount.c:28 refcount_t: underflow; use-after-free.',
      'lib/refcount.c:22 refcount_t: saturated; leaking memory.',
    ]);
    expect(warnings[0]?.callChain).toEqual([
      'refcount_warn_saturate',
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
      'dev_attr_show',
      'sysfs_kf_seq_show',
      'kernfs_seq_show',
      'seq_read_iter',
      'kernfs_fop_read_iter',
      'new_sync_read',
      'vfs_read',
    ]);
    expect(references?.find((node) => node.path === facilitiesPath)?.count).toBe(-0x40000000);
  });

  test('a second migration finds no leaf, frees the second parent and attaches a third', () => {
    const partition = boot();
    partition.migrateSync(1n, []);
    const first = partition.observeSync().log.length;
    partition.migrateSync(2n, []);
    const after = partition.observeSync();
    expect(texts(after, first)).toEqual([
      'calling ibm,suspend-me on cpu 0',
      'mobility: Failed lookup: phandle 0xfffffff5 for action 0x1000000',
      'mobility: Failed lookup: phandle 0xfffffff4 for action 0x1000000',
      'mobility: Failed lookup: phandle 0xfffffff3 for action 0x1000000',
      'mobility: removing node /ibm,platform-facilities:4294967286',
      'mobility: added node /ibm,platform-facilities:4294967286',
    ]);
    expect(counts(after, facilitiesPath)).toEqual(['1: released 0', '2: released 0', '3: attached 2']);
    expect(counts(after, leaf)[0]).toBe('1: detached 1');
  });

  test('observing changes neither counts nor log', () => {
    const partition = boot();
    partition.migrateSync(1n, []);
    const once = partition.observeSync();
    expect(partition.observeSync()).toEqual(once);
  });
});

describe('the default run', () => {
  test('v5.10 with policy detach logs the lines of the report in order', () => {
    const partition = boot();
    const start = partition.observeSync().log.length;
    partition.migrateSync(1n, []);
    expect(texts(partition.observeSync(), start)).toEqual([
      'calling ibm,suspend-me on cpu 0',
      'mobility: removing node /ibm,platform-facilities/ibm,random-v1:4294967285',
      'mobility: removing node /ibm,platform-facilities/ibm,compression-v1:4294967284',
      'mobility: removing node /ibm,platform-facilities/ibm,sym-encryption-v1:4294967283',
      'mobility: removing node /ibm,platform-facilities:4294967286',
      'mobility: added node /ibm,platform-facilities:4294967286',
    ]);
  });

  const ignoring = (release: '6.1' | '6.12' | '7.2') => {
    const partition = bootKernel({
      tree: rootOf(facilities(0x2fffff01)),
      release,
      firmware: scripted(reportedScript),
    });
    const before = partition.observeSync();
    expect(partition.migrateSync(0x1234n, [])).toEqual({ written: { ok: true, value: 7 }, clients: [] });
    const after = partition.observeSync();
    return { before, after, log: after.log.slice(before.log.length) };
  };

  const heart = [
    [6, 'watchdog: Set the NMI watchdog timeout factor to 200%'],
    [6, 'mobility: calling ibm,suspend-me on CPU 0'],
    [6, 'mobility: CPU 0 waking all threads'],
    [5, 'mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285'],
    [5, 'mobility: ignoring remove operation for /ibm,platform-facilities/ibm,compression-v1:4294967284'],
    [5, 'mobility: ignoring remove operation for /ibm,platform-facilities/ibm,sym-encryption-v1:4294967283'],
    [5, 'mobility: ignoring remove operation for /ibm,platform-facilities:4294967286'],
    [5, 'mobility: ignoring add operation for /ibm,platform-facilities'],
    [6, 'mobility: waiting for memory transfer to complete...'],
    [6, 'mobility: memory transfer completed.'],
    [6, 'watchdog: Set the NMI watchdog timeout factor to 0%'],
  ];

  test('v6.12 logs what it ignores', () => {
    const { before, after, log } = ignoring('6.12');
    expect(log.map(({ level, text }) => [level, text])).toEqual([
      [6, 'vas: VAS migration event 0'],
      ...heart,
      [6, 'vas: VAS migration event 1'],
    ]);
    expect(after.tree).toEqual(before.tree);
    expect(after.references).toEqual(before.references);
    expect(after.warnings).toEqual([]);
  });

  test('v6.1 logs no VAS events, v7.2 logs hvpipe events as well', () => {
    expect(ignoring('6.1').log.map(({ level, text }) => [level, text])).toEqual(heart);
    expect(ignoring('7.2').log.map(({ level, text }) => [level, text])).toEqual([
      [6, 'vas: VAS migration event 0'],
      [6, 'papr-hvpipe: hvpipe migration event 0'],
      ...heart,
      [6, 'vas: VAS migration event 1'],
      [6, 'papr-hvpipe: hvpipe migration event 1'],
    ]);
  });
});
