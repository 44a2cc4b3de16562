import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseFault } from '../../src/firmware/index.ts';
import { compare, findScenario, migrate, policyChoices, type Scenario } from '../../src/migration/index.ts';
import { comparisonToText, runsPage, runToText } from '../../src/report/index.ts';
import { loadTree } from '../support/load-tree.ts';

let thread: Scenario;
beforeAll(async () => {
  const folder = resolve(import.meta.dirname, '../../examples/platform-facilities');
  thread = await findScenario(folder, undefined, loadTree);
});

test('the platform-facilities scenario on a kernel that detaches', async () => {
  const run = await migrate({ ...thread, policy: 'detach', release: '5.10' });
  expect(runToText(run)).toMatchInlineSnapshot(`
    "platform-facilities: Linux 5.10, modelled kernel, 1 CPU, policy detach,
      firmware powervm

    kernel log
      [   11.000001] calling ibm,suspend-me on cpu 0
      [   11.000017] mobility: removing node /ibm,platform-facilities/ibm,random-v1:4294967285
      [   11.000018] mobility: removing node /ibm,platform-facilities/ibm,compression-v1:4294967284
      [   11.000019] mobility: removing node /ibm,platform-facilities/ibm,sym-encryption-v1:4294967283
      [   11.000020] mobility: removing node /ibm,platform-facilities:4294967286
      [   11.000026] mobility: updating node  property system-id
      [   11.000202] mobility: added node /ibm,platform-facilities:4294967286
      [   11.000208] ------------[ cut here ]------------
      [   11.000209] refcount_t: addition on 0; use-after-free.
      [   11.000210] WARNING: CPU: 0 PID: 1001 at lib/refcount.c:25 refcount_warn_saturate+0x164/0x1f0
      [   11.000211] Call Trace:
      [   11.000212] refcount_warn_saturate+0x160/0x1f0 (unreliable)
      [   11.000213] kobject_get+0xf0/0x100
      [   11.000214] of_node_get+0x30/0x50
      [   11.000215] of_get_parent+0x50/0xb0
      [   11.000216] of_fwnode_get_parent+0x54/0x90
      [   11.000217] fwnode_count_parents+0x50/0x150
      [   11.000218] fwnode_full_name_string+0x30/0x110
      [   11.000219] device_node_string+0x49c/0x790
      [   11.000220] vsnprintf+0x1c0/0x4c0
      [   11.000221] sprintf+0x44/0x60
      [   11.000222] devspec_show+0x34/0x50
      [   11.000223] dev_attr_show+0x40/0xa0
      [   11.000224] sysfs_kf_seq_show+0xbc/0x200
      [   11.000225] kernfs_seq_show+0x44/0x60
      [   11.000226] seq_read_iter+0x2a4/0x740
      [   11.000227] kernfs_fop_read_iter+0x254/0x2e0
      [   11.000228] new_sync_read+0x120/0x190
      [   11.000229] vfs_read+0x1d0/0x240
      [   11.000230] ---[ end trace 0000000000000000 ]---
      [   11.000231] ------------[ cut here ]------------
      [   11.000232] refcount_t: underflow; use-after-free.
      [   11.000233] WARNING: CPU: 0 PID: 1001 at lib/refcount.c:28 refcount_warn_saturate+0x164/0x1f0
      [   11.000234] Call Trace:
      [   11.000235] refcount_warn_saturate+0x160/0x1f0 (unreliable)
      [   11.000236] kobject_put+0x170/0x2d0
      [   11.000237] of_node_put+0x2c/0x40
      [   11.000238] of_fwnode_put+0x50/0x70
      [   11.000239] fwnode_count_parents+0x50/0x150
      [   11.000240] fwnode_full_name_string+0x30/0x110
      [   11.000241] device_node_string+0x49c/0x790
      [   11.000242] vsnprintf+0x1c0/0x4c0
      [   11.000243] sprintf+0x44/0x60
      [   11.000244] devspec_show+0x34/0x50
      [   11.000245] dev_attr_show+0x40/0xa0
      [   11.000246] sysfs_kf_seq_show+0xbc/0x200
      [   11.000247] kernfs_seq_show+0x44/0x60
      [   11.000248] seq_read_iter+0x2a4/0x740
      [   11.000249] kernfs_fop_read_iter+0x254/0x2e0
      [   11.000250] new_sync_read+0x120/0x190
      [   11.000251] vfs_read+0x1d0/0x240
      [   11.000252] ---[ end trace 0000000000000000 ]---
      [   11.000253] ------------[ cut here ]------------
      [   11.000254] refcount_t: saturated; leaking memory.
      [   11.000255] WARNING: CPU: 0 PID: 1001 at lib/refcount.c:22 refcount_warn_saturate+0x164/0x1f0
      [   11.000256] Call Trace:
      [   11.000257] refcount_warn_saturate+0x160/0x1f0 (unreliable)
      [   11.000258] kobject_get+0xf0/0x100
      [   11.000259] of_node_get+0x30/0x50
      [   11.000260] of_get_parent+0x50/0xb0
      [   11.000261] of_fwnode_get_parent+0x54/0x90
      [   11.000262] fwnode_get_nth_parent+0x68/0x1f0
      [   11.000263] fwnode_full_name_string+0x30/0x110
      [   11.000264] device_node_string+0x49c/0x790
      [   11.000265] vsnprintf+0x1c0/0x4c0
      [   11.000266] sprintf+0x44/0x60
      [   11.000267] devspec_show+0x34/0x50
      [   11.000268] dev_attr_show+0x40/0xa0
      [   11.000269] sysfs_kf_seq_show+0xbc/0x200
      [   11.000270] kernfs_seq_show+0x44/0x60
      [   11.000271] seq_read_iter+0x2a4/0x740
      [   11.000272] kernfs_fop_read_iter+0x254/0x2e0
      [   11.000273] new_sync_read+0x120/0x190
      [   11.000274] vfs_read+0x1d0/0x240
      [   11.000275] ---[ end trace 0000000000000000 ]---

    workload
      read /sys/devices/vio/ibm,random-v1/devspec:
        /ibm,platform-facilities/ibm,random-v1
      read /sys/devices/vio/ibm,compression-v1/devspec:
        /ibm,platform-facilities/ibm,compression-v1
      read /sys/devices/vio/ibm,sym-encryption-v1/devspec:
        /ibm,platform-facilities/ibm,sym-encryption-v1

    live tree
      /sys/firmware/devicetree/base/ibm,platform-facilities
      0 directories

    VIO bus
      ibm,random-v1          pseries_rng          of_node: broken symbolic link
      ibm,compression-v1     nx_compress_pseries  of_node: broken symbolic link
      ibm,sym-encryption-v1  nx-crypto            of_node: broken symbolic link

    reference counts
      /ibm,platform-facilities (boot node)
        delete /ibm,platform-facilities/ibm,random-v1
                4  − child ibm,random-v1 in sysfs
        delete /ibm,platform-facilities/ibm,compression-v1
                3  − child ibm,compression-v1 in sysfs
        delete /ibm,platform-facilities/ibm,sym-encryption-v1
                2  − child ibm,sym-encryption-v1 in sysfs
        update-nodes
                3  + lookup in pseries_devicetree_update
        delete /ibm,platform-facilities
                2  − sysfs
                1  − initial
                0  − lookup in pseries_devicetree_update
        read devspec of ibm,random-v1
        saturated  + printing %pOF
        saturated  − printing %pOF
        released, count saturated: no holders
      /ibm,platform-facilities/ibm,random-v1 (boot node)
        boot
                3  + lookup in vio_bus_scan_register_devices
                4  + vio ibm,random-v1
                3  − lookup in vio_bus_scan_register_devices
        update-nodes
                4  + lookup in pseries_devicetree_update
        delete /ibm,platform-facilities/ibm,random-v1
                3  − sysfs
                2  − initial
                1  − lookup in pseries_devicetree_update
        detached, count 1: held by vio ibm,random-v1
      /ibm,platform-facilities/ibm,compression-v1 (boot node)
        boot
                3  + lookup in vio_bus_scan_register_devices
                4  + vio ibm,compression-v1
                3  − lookup in vio_bus_scan_register_devices
        update-nodes
                4  + lookup in pseries_devicetree_update
        delete /ibm,platform-facilities/ibm,compression-v1
                3  − sysfs
                2  − initial
                1  − lookup in pseries_devicetree_update
        detached, count 1: held by vio ibm,compression-v1
      /ibm,platform-facilities/ibm,sym-encryption-v1 (boot node)
        boot
                3  + lookup in vio_bus_scan_register_devices
                4  + vio ibm,sym-encryption-v1
                3  − lookup in vio_bus_scan_register_devices
        update-nodes
                4  + lookup in pseries_devicetree_update
        delete /ibm,platform-facilities/ibm,sym-encryption-v1
                3  − sysfs
                2  − initial
                1  − lookup in pseries_devicetree_update
        detached, count 1: held by vio ibm,sym-encryption-v1
      /ibm,platform-facilities/ibm,random-v1 (dynamic node, generation 2)
        never attached, count 1: held by initial
      /ibm,platform-facilities/ibm,compression-v1 (dynamic node, generation 2)
        never attached, count 1: held by initial
      /ibm,platform-facilities/ibm,sym-encryption-v1 (dynamic node, generation 2)
        never attached, count 1: held by initial

    findings
      ✗ 3 use-after-free warnings [use-after-free]
          The kernel uses a node whose last reference was dropped. Its memory may
          already belong to something else.
          devspec_show
            refcount_t: addition on 0; use-after-free.
              /ibm,platform-facilities: the last reference, lookup in
              pseries_devicetree_update, went at delete /ibm,platform-facilities
              used again by printing %pOF at read devspec of ibm,random-v1
              refcount_warn_saturate ← kobject_get ← of_node_get ← of_get_parent ←
              of_fwnode_get_parent ← fwnode_count_parents ← fwnode_full_name_string
              ← device_node_string ← vsnprintf ← sprintf ← devspec_show ←
              dev_attr_show ← sysfs_kf_seq_show ← kernfs_seq_show ← seq_read_iter ←
              kernfs_fop_read_iter ← new_sync_read ← vfs_read
          devspec_show
            refcount_t: underflow; use-after-free.
              /ibm,platform-facilities: the last reference, lookup in
              pseries_devicetree_update, went at delete /ibm,platform-facilities
              used again by printing %pOF at read devspec of ibm,random-v1
              refcount_warn_saturate ← kobject_put ← of_node_put ← of_fwnode_put ←
              fwnode_count_parents ← fwnode_full_name_string ← device_node_string ←
              vsnprintf ← sprintf ← devspec_show ← dev_attr_show ← sysfs_kf_seq_show
              ← kernfs_seq_show ← seq_read_iter ← kernfs_fop_read_iter ←
              new_sync_read ← vfs_read
          devspec_show
            refcount_t: saturated; leaking memory.
              /ibm,platform-facilities: the last reference, lookup in
              pseries_devicetree_update, went at delete /ibm,platform-facilities
              used again by printing %pOF at read devspec of ibm,random-v1
              refcount_warn_saturate ← kobject_get ← of_node_get ← of_get_parent ←
              of_fwnode_get_parent ← fwnode_get_nth_parent ← fwnode_full_name_string
              ← device_node_string ← vsnprintf ← sprintf ← devspec_show ←
              dev_attr_show ← sysfs_kf_seq_show ← kernfs_seq_show ← seq_read_iter ←
              kernfs_fop_read_iter ← new_sync_read ← vfs_read
      ✗ 3 lost nodes [lost-node]
          The destination has the node, but the live tree does not. Lookups of it
          fail.
          /ibm,platform-facilities/ibm,random-v1
            gone from the live tree
          /ibm,platform-facilities/ibm,compression-v1
            gone from the live tree
          /ibm,platform-facilities/ibm,sym-encryption-v1
            gone from the live tree
      ✗ 1 childless facilities node [childless-facilities]
          The nodes below it describe the accelerators and the random number
          generator, and there are none. The kernel attached the parent that
          firmware sent and lost its children.
          /ibm,platform-facilities
            it has no children
              had ibm,random-v1
              had ibm,compression-v1
              had ibm,sym-encryption-v1
      ✗ 3 dangling links [dangling-link]
          The device refers to a node that is no longer in the tree. Tools that
          follow the link fail, and the device keeps the old node allocated.
          /sys/devices/vio/ibm,random-v1/of_node
            broken symbolic link to
            ../../../firmware/devicetree/base/ibm,platform-facilities/ibm,random-v1
          /sys/devices/vio/ibm,compression-v1/of_node
            broken symbolic link to
            ../../../firmware/devicetree/base/ibm,platform-facilities/ibm,compression-v1
          /sys/devices/vio/ibm,sym-encryption-v1/of_node
            broken symbolic link to
            ../../../firmware/devicetree/base/ibm,platform-facilities/ibm,sym-encryption-v1
      ✗ 6 leaked references [leaked-reference]
          The node left the tree, or never reached it, while a reference to it was
          held. It is never freed, and each migration leaks another one.
          /ibm,platform-facilities/ibm,random-v1
            detached, count 1
              held by vio ibm,random-v1, taken at boot
              left the tree at delete /ibm,platform-facilities/ibm,random-v1
          /ibm,platform-facilities/ibm,compression-v1
            detached, count 1
              held by vio ibm,compression-v1, taken at boot
              left the tree at delete /ibm,platform-facilities/ibm,compression-v1
          /ibm,platform-facilities/ibm,sym-encryption-v1
            detached, count 1
              held by vio ibm,sym-encryption-v1, taken at boot
              left the tree at delete /ibm,platform-facilities/ibm,sym-encryption-v1
          /ibm,platform-facilities/ibm,random-v1
            never attached, count 1
              held by initial
          /ibm,platform-facilities/ibm,compression-v1
            never attached, count 1
              held by initial
          /ibm,platform-facilities/ibm,sym-encryption-v1
            never attached, count 1
              held by initial

    damaged: 3 use-after-free warnings, 3 lost nodes, 1 childless facilities node, 3 dangling links, 6 leaked references
    "
  `);
});

test('the platform-facilities scenario on a kernel that ignores', async () => {
  const run = await migrate({ ...thread, release: '6.12' });
  expect(runToText(run)).toMatchInlineSnapshot(`
    "platform-facilities: Linux 6.12, modelled kernel, 1 CPU, policy ignore,
      firmware powervm

    kernel log
      [   10.000001] vas: VAS migration event 0
      [   11.000002] watchdog: Set the NMI watchdog timeout factor to 200%
      [   11.000003] mobility: calling ibm,suspend-me on CPU 0
      [   11.000009] mobility: CPU 0 waking all threads
      [   11.000020] mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285
      [   11.000021] mobility: ignoring remove operation for /ibm,platform-facilities/ibm,compression-v1:4294967284
      [   11.000022] mobility: ignoring remove operation for /ibm,platform-facilities/ibm,sym-encryption-v1:4294967283
      [   11.000023] mobility: ignoring remove operation for /ibm,platform-facilities:4294967286
      [   11.000029] mobility: updating node  property system-id
      [   11.000205] mobility: ignoring add operation for /ibm,platform-facilities
      [   11.000211] mobility: waiting for memory transfer to complete...
      [   11.500212] mobility: memory transfer completed.
      [   11.500213] watchdog: Set the NMI watchdog timeout factor to 0%
      [   11.500214] vas: VAS migration event 1

    workload
      read /sys/devices/vio/ibm,random-v1/devspec:
        /ibm,platform-facilities/ibm,random-v1
      read /sys/devices/vio/ibm,compression-v1/devspec:
        /ibm,platform-facilities/ibm,compression-v1
      read /sys/devices/vio/ibm,sym-encryption-v1/devspec:
        /ibm,platform-facilities/ibm,sym-encryption-v1

    live tree
      /sys/firmware/devicetree/base/ibm,platform-facilities
      ├── ibm,compression-v1
      ├── ibm,random-v1
      └── ibm,sym-encryption-v1
      3 directories

    VIO bus
      ibm,random-v1          pseries_rng          of_node resolves
      ibm,compression-v1     nx_compress_pseries  of_node resolves
      ibm,sym-encryption-v1  nx-crypto            of_node resolves

    findings
      ~ 3 stale properties [stale-property]
          The property has another value than on the destination. What reads it uses
          the value of the old server.
          /ibm,platform-facilities/ibm,random-v1/ibm,shared-interrupt-pool
            has not taken the new value
              live:   <0x2fffff01>
              wanted: <0x2fffff02>
          /ibm,platform-facilities/ibm,compression-v1/ibm,shared-interrupt-pool
            has not taken the new value
              live:   <0x2fffff01>
              wanted: <0x2fffff02>
          /ibm,platform-facilities/ibm,sym-encryption-v1/ibm,shared-interrupt-pool
            has not taken the new value
              live:   <0x2fffff01>
              wanted: <0x2fffff02>

    no damage, but stale: 3 stale properties
    "
  `);
});

test('all policies in one table', async () => {
  expect(comparisonToText(await compare(thread, policyChoices))).toMatchInlineSnapshot(`
    "                       use-
                         after-  lost  dangling     stale  failed    log
    policy                 free  node      link  property  client  lines
    detach                    3     3         3         0       0     84  damaged
    ignore                    0     0         0         3       0     16  stale
    notify                    0     0         0         0       3     38  damaged
    rebind                    0     0         0         0       3     38  damaged
    attach-subtree            3     0         0         0       0     87  damaged
    reconcile-in-kernel       0     0         0         0       0     17  safe
    reconcile                 0     0         0         0       0     17  safe

    detach also: 1 childless facilities node, 6 leaked references
    notify also: 1 unbound driver
    rebind also: 1 unbound driver
    attach-subtree also: 3 leaked references

    safe: reconcile-in-kernel, reconcile (not safe: 5 policies)
    "
  `);
});

test('a fault that was never injected is reported; not one that was, nor one of a run without counts', async () => {
  const faults = ['busy@/ibm,platform-facilities/ibm,random-v1', 'busy@ibm,update-nodes'].map(parseFault);
  const run = await migrate({ ...thread, policy: 'detach', release: '6.1', faults });
  const lines = (one: typeof run) => runToText(one).match(/.*was never injected.*/g);
  expect(lines(run)).toEqual(['  fault busy@/ibm,platform-facilities/ibm,random-v1 was never injected']);
  expect(runsPage([run]).runs[0]?.facts.filter(([name]) => name === 'fault')).toEqual([
    ['fault', 'busy@/ibm,platform-facilities/ibm,random-v1 (never injected)'],
    ['fault', 'busy@ibm,update-nodes'],
  ]);
  const { faultCounts, ...older } = run;
  expect(faultCounts).toEqual([0, 1]);
  expect(lines(older)).toBeNull();

  const table = (runs: Parameters<typeof comparisonToText>[0]) =>
    comparisonToText(runs)
      .replaceAll('\n  ', ' ')
      .match(/fault .*was never injected.*/g);
  const other = { ...run, policy: 'ignore', faultCounts: [1, 1] };
  expect(table([run, run])).toEqual(['fault busy@/ibm,platform-facilities/ibm,random-v1 was never injected']);
  expect(table([run, other])).toEqual([
    'fault busy@/ibm,platform-facilities/ibm,random-v1 was never injected under policy detach',
  ]);
  expect(table([other, other])).toBeNull();
});

test('all lines fit a terminal, except log lines, single words and the verdict', async () => {
  const runs = await compare(thread, policyChoices);
  // The verdict is one line of any length.
  const all = runs.map((run) => runToText(run, { ledger: true }).trimEnd().split('\n').slice(0, -1));
  const lines = all.flat().filter((line) => !/^ *\[ *\d+\.\d+\] /.test(line));
  expect(lines.filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([]);
});

test('the whole ledger lists every node, from boot on', async () => {
  const text = runToText(await migrate({ ...thread, policy: 'reconcile' }), { ledger: true });
  const counts = text.slice(text.indexOf('reference counts'), text.indexOf('\nsafe'));
  expect(counts).toMatchInlineSnapshot(`
    "reference counts
      / (boot node)
        update-nodes
                3  before
                4  + lookup in pseries_devicetree_update
        update /
                4  before
                3  − lookup in pseries_devicetree_update
        attached, count 3: held by initial, sysfs, child ibm,platform-facilities
            in sysfs
      /ibm,platform-facilities (boot node)
        attached, count 5: held by initial, sysfs, child ibm,random-v1 in sysfs,
            child ibm,compression-v1 in sysfs, child ibm,sym-encryption-v1 in
            sysfs
      /ibm,platform-facilities/ibm,random-v1 (boot node)
        boot
                2  before
                3  + lookup in vio_bus_scan_register_devices
                4  + vio ibm,random-v1
                3  − lookup in vio_bus_scan_register_devices
        update-nodes
                3  before
                4  + lookup in pseries_devicetree_update
        update /ibm,platform-facilities/ibm,random-v1
                4  before
                3  − lookup in pseries_devicetree_update
        attached, count 3: held by initial, sysfs, vio ibm,random-v1
      /ibm,platform-facilities/ibm,compression-v1 (boot node)
        boot
                2  before
                3  + lookup in vio_bus_scan_register_devices
                4  + vio ibm,compression-v1
                3  − lookup in vio_bus_scan_register_devices
        update-nodes
                3  before
                4  + lookup in pseries_devicetree_update
        update /ibm,platform-facilities/ibm,compression-v1
                4  before
                3  − lookup in pseries_devicetree_update
        attached, count 3: held by initial, sysfs, vio ibm,compression-v1
      /ibm,platform-facilities/ibm,sym-encryption-v1 (boot node)
        boot
                2  before
                3  + lookup in vio_bus_scan_register_devices
                4  + vio ibm,sym-encryption-v1
                3  − lookup in vio_bus_scan_register_devices
        update-nodes
                3  before
                4  + lookup in pseries_devicetree_update
        update /ibm,platform-facilities/ibm,sym-encryption-v1
                4  before
                3  − lookup in pseries_devicetree_update
        attached, count 3: held by initial, sysfs, vio ibm,sym-encryption-v1
    "
  `);
});

test('notes of the reconciler, and the policy of the kernel behind it', async () => {
  const text = runToText(await migrate({ ...thread, policy: 'reconcile', release: '5.10' }));
  expect(text.slice(0, text.indexOf('kernel log'))).toMatchInlineSnapshot(`
    "platform-facilities: Linux 5.10, modelled kernel, 1 CPU, policy reconcile
      (kernel: ignore), firmware powervm

    reconciler
      turned into updates: /ibm,platform-facilities: deleted and added back
      turned into updates: /ibm,platform-facilities/ibm,random-v1: deleted and
      added back
      turned into updates: /ibm,platform-facilities/ibm,compression-v1: deleted
      and added back
      turned into updates: /ibm,platform-facilities/ibm,sym-encryption-v1: deleted
      and added back

    "
  `);
});
