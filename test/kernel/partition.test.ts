import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { node } from '../../src/devicetree/index.ts';
import { createFirmware } from '../../src/firmware/index.ts';
import { type BootOptions, bootKernel, policyNames } from '../../src/kernel/index.ts';
import type { Client } from '../../src/partition/index.ts';
import { linePattern, releaseNames } from '../../src/partition/index.ts';
import { texts } from './support/booted.ts';
import { facilities, facilitiesPath, leaves, reportedScript, rootOf, text } from './support/facilities.ts';
import { type Script, scripted } from './support/scripted.ts';

function boot(options: Partial<BootOptions> = {}, script: Script = reportedScript) {
  return bootKernel({ tree: rootOf(facilities(1)), release: '6.12', firmware: scripted(script), ...options });
}

const reads = (path: string, times = 1): Client => ({ name: `reads ${path}`, path, times });
const devspec = `/sys/devices/vio/${leaves[0]}/devspec`;

describe('the files of a partition', () => {
  test.each([
    ['/proc/device-tree/ibm,platform-facilities/device_type', 'ibm,platform-facilities\0'],
    ['/sys/firmware/devicetree/base/ibm,platform-facilities/device_type', 'ibm,platform-facilities\0'],
    ['/sys/kernel/mobility/api_version', '1\n'],
    ['/sys/kernel/dlpar', 'memory,cpu,dt\n'],
    ['/dev/hwrng', '\0\0\0\0\0\0\0\x01'],
    ['/proc/device-tree', 'EISDIR'],
    ['/proc/device-tree/ibm,platform-facilities', 'EISDIR'],
    ['/proc/device-tree/none', 'ENOENT'],
    ['/proc/device-tree/model/x', 'ENOENT'],
    ['/sys/kernel/mobility/migration', 'EACCES'],
    ['/proc/ppc64/ofdt', 'EINVAL'],
    ['/etc/passwd', 'ENOENT'],
    ['', 'ENOENT'],
  ])('reading %s', (path, expected) => {
    const result = boot().readFileSync(path);
    expect(result.ok ? Buffer.from(result.value).toString('latin1') : result.errno).toBe(expected);
  });

  test.each([
    ['/proc/ppc64/ofdt', `remove_node ${facilitiesPath}/ibm,random-v1`, 'ok'],
    ['/proc/powerpc/ofdt', 'nonsense', 'EINVAL'],
    ['/proc/device-tree/ibm,platform-facilities/device_type', 'x', 'EACCES'],
    ['/proc/device-tree/none', 'x', 'ENOENT'],
    ['/sys/kernel/mobility/api_version', 'x', 'EACCES'],
    ['crypto:842-nx', 'data', 'ok'],
    ['crypto:none', 'data', 'ENOENT'],
  ])('writing to %s', (path, content, expected) => {
    const result = boot().writeFileSync(path, Buffer.from(content));
    expect(result.ok ? 'ok' : result.errno).toBe(expected);
  });

  test('names in the tree are those of sysfs', () => {
    const tree = rootOf(
      node('cpus', [], [node('l2@1', [text('x', 'old')]), node('l2@1', [text('x', 'new')])]),
    );
    const partition = boot({ tree });
    const result = partition.readFileSync('/proc/device-tree/cpus/l2@1#1/x');
    expect(result.ok && Buffer.from(result.value).toString()).toBe('new\0');
    expect(partition.observeSync().tree.root.children[0]?.children.map(({ name }) => name)).toEqual([
      'l2@1',
      'l2@1#1',
    ]);
  });

  test('an oops kills the process and keeps its locks', () => {
    const partition = boot();
    expect(partition.writeFileSync('/proc/ppc64/ofdt', Buffer.from('add_node /none/x '))).toEqual({
      ok: false,
      errno: 'SIGSEGV',
    });
    const [warning] = partition.observeSync().warnings;
    expect(warning).toMatchObject({
      message: 'BUG: Unable to handle kernel data access on read at 0xffffffffffffffea',
      callChain: [
        'kobject_put',
        'of_node_put',
        'pSeries_reconfig_add_node',
        'ofdt_write',
        'ofdt_write',
        'proc_reg_write',
        'vfs_write',
        'ksys_write',
      ],
    });
  });
});

describe('observation', () => {
  test('describes the platform', () => {
    expect(boot({ cpus: 2, policy: 'detach' }).observeSync().platform).toEqual({
      kind: 'model',
      release: '6.12',
      policy: 'detach',
      description: 'modelled kernel, 2 CPUs',
    });
  });

  test('the asynchronous methods do the same', async () => {
    const [one, other] = [boot(), boot()];
    expect(await one.migrate(1n, [])).toEqual(other.migrateSync(1n, []));
    expect(await one.readFiles([devspec])).toEqual([other.readFileSync(devspec)]);
    expect(await one.writeFile('/proc/ppc64/ofdt', Buffer.from('x'))).toEqual({ ok: false, errno: 'EINVAL' });
    other.writeFileSync('/proc/ppc64/ofdt', Buffer.from('x'));
    expect(await one.observe()).toEqual(other.observeSync());
    await one.close();
    await one.close();
  });

  test('an attach-subtree link resolves to the new node', () => {
    const partition = boot({ policy: 'attach-subtree' });
    partition.migrateSync(1n, []);
    expect(partition.observeSync().devices.map(({ ofNode }) => ofNode.state)).toEqual([
      'resolves',
      'resolves',
      'resolves',
    ]);
  });

  test('events are recorded in order, on request', () => {
    const partition = boot({ ledger: true, policy: 'detach' });
    partition.migrateSync(1n, []);
    const events = partition.events();
    expect(events.every(({ seconds }, index) => seconds >= (events[index - 1]?.seconds ?? 0))).toBe(true);
    const kinds = events.filter(({ kind }) => ['attach', 'detach', 'release'].includes(kind));
    expect(kinds.map(({ kind, node: path }) => `${kind} ${path}`)).toEqual([
      ...leaves.map((name) => `detach ${facilitiesPath}/${name}`),
      `detach ${facilitiesPath}`,
      `release ${facilitiesPath}`,
      `attach ${facilitiesPath}`,
    ]);
    expect(events.filter(({ lane }) => lane === 'firmware')[0]?.text).toBe('ibm,suspend-me returns 0');
    expect(boot().events()).toEqual([]);
  });
});

describe('clients', () => {
  test('run during the migration and report their results', () => {
    const outcome = boot().migrateSync(1n, [
      reads(devspec, 3),
      reads('/none', 2),
      { name: 'compresses', path: 'crypto:842-nx', write: new Uint8Array(10), times: 1 },
    ]);
    expect(outcome.clients).toEqual([
      { name: `reads ${devspec}`, succeeded: 3, failed: {} },
      { name: 'reads /none', succeeded: 0, failed: { ENOENT: 2 } },
      { name: 'compresses', succeeded: 1, failed: {} },
    ]);
  });

  test('in the default run they run while the migration sleeps, or after it', () => {
    const sleeping = boot({ policy: 'detach', release: '6.1' }, { ...reportedScript, vasi: [1, 3, 6] });
    sleeping.migrateSync(1n, [reads(devspec)]);
    expect(sleeping.observeSync().warnings).toEqual([]);
    const after = boot({ policy: 'detach', release: '6.1' });
    after.migrateSync(1n, [reads(devspec)]);
    expect(after.observeSync().warnings).toHaveLength(3);
  });

  test('the choices decide whether a client reads from the released parent', () => {
    const warnings = (after: number) => {
      let asked = 0;
      const partition = boot({ policy: 'detach', chooser: { choose: () => (asked++ === after ? 1 : 0) } });
      partition.migrateSync(1n, [reads(devspec)]);
      return partition.observeSync().warnings.length;
    };
    // The client runs first, while the leaves are removed, after the parent was removed, and at the end.
    expect([0, 4, 15, 1000].map(warnings)).toEqual([0, 0, 3, 3]);
  });

  test('unbinding a driver with a request in flight warns, and can lose the request', () => {
    const unbind: Client = {
      name: 'unbinds',
      path: '/sys/bus/vio/drivers/nx_compress_pseries/unbind',
      write: Buffer.from('ibm,compression-v1'),
      times: 1,
    };
    const compress: Client = {
      name: 'compresses',
      path: 'crypto:842-nx',
      write: new Uint8Array(10),
      times: 1,
    };
    const seen = new Set<string>();
    for (let ways = 0; ways < 3 ** 6; ways++) {
      let rest = ways;
      const choose = (count: number) => {
        const way = rest % 3;
        rest = Math.floor(rest / 3);
        return way % count;
      };
      const partition = boot(
        { chooser: { choose } },
        { ...reportedScript, vasi: [{ status: -4, values: [] }] },
      );
      const [unbound, compressed] = partition.migrateSync(1n, [unbind, compress]).clients;
      const [warning] = partition.observeSync().warnings;
      expect(unbound?.succeeded).toBe(1);
      seen.add([Object.keys(compressed?.failed ?? {})[0] ?? 'done', warning?.place ?? 'quiet'].join(', '));
    }
    expect([...seen].sort()).toEqual([
      'ENODEV, crypto/algapi.c:467',
      'ENOENT, quiet',
      'done, crypto/algapi.c:467',
      'done, quiet',
    ]);
  });
});

describe('any order of threads, any release, any policy', () => {
  test('a run repeats exactly, never throws, and counts agree with holders', () => {
    const clients = [
      reads(devspec, 2),
      {
        name: 'ofdt',
        path: '/proc/ppc64/ofdt',
        write: Buffer.from(`update_property 0x${(0xfffffff4).toString(16)} x 1 y`),
        times: 1,
      },
      {
        name: 'unbind',
        path: '/sys/bus/vio/drivers/pseries_rng/unbind',
        write: Buffer.from('ibm,random-v1'),
        times: 1,
      },
    ];
    const run = (release: BootOptions['release'], policy: BootOptions['policy'], ways: readonly number[]) => {
      let next = 0;
      const chooser = { choose: (count: number) => (ways[next++] ?? 0) % count };
      const partition = boot({ release, ...(policy && { policy }), chooser, cpus: 2 });
      return { outcome: partition.migrateSync(1n, clients), seen: partition.observeSync() };
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...releaseNames),
        fc.constantFrom(...policyNames),
        fc.array(fc.nat(4), { maxLength: 60 }),
        (release, policy, ways) => {
          const once = run(release, policy, ways);
          expect(run(release, policy, ways)).toEqual(once);
          for (const { count, holders, path } of once.seen.references ?? []) {
            if (count < 0) continue;
            expect([path, holders.reduce((sum, holder) => sum + holder.count, 0)]).toEqual([path, count]);
          }
        },
      ),
      { seed: 0x5eed, numRuns: Number(process.env['TRANSPLANT_RUNS'] ?? 60) },
    );
  });
});

describe('with the modelled firmware', () => {
  test.each(releaseNames)('v%s migrates there and back', (release) => {
    const trees = [rootOf(facilities(1)), rootOf(facilities(2))] as const;
    const partition = bootKernel({
      tree: trees[0],
      release,
      firmware: createFirmware({ trees, style: 'powervm', faults: [] }),
    });
    const start = partition.observeSync().log.length;
    for (const stream of [1n, 2n]) expect(partition.migrateSync(stream, []).written.ok).toBe(true);
    const [removeIgnored, addIgnored] = [linePattern('removeIgnored'), linePattern('addIgnored')];
    const ignored = texts(partition.observeSync(), start).filter(
      (line) => removeIgnored.test(line) || addIgnored.test(line),
    );
    expect(ignored).toHaveLength(10);
  });

  test('updates arrive if firmware sends only updates', () => {
    const trees = [rootOf(facilities(1)), rootOf(facilities(2))] as const;
    const partition = bootKernel({
      tree: trees[0],
      release: '7.2',
      firmware: createFirmware({ trees, style: 'properties', faults: [] }),
    });
    partition.migrateSync(1n, []);
    const { tree, log } = partition.observeSync();
    expect(tree.root.children[0]?.children).toEqual(trees[1].root.children[0]?.children);
    expect(texts({ log }).filter((line) => line.startsWith('mobility: updating'))).toEqual(
      leaves.map(
        (name) => `mobility: updating node ${facilitiesPath}/${name} property ibm,shared-interrupt-pool`,
      ),
    );
  });
});
