import { describe, expect, test } from 'vitest';
import { node, type Property } from '../../../src/devicetree/index.ts';
import { cacheinfoRebuild, cacheinfoTeardown } from '../../../src/kernel/pseries/cacheinfo.ts';
import { dlparDetachNode } from '../../../src/kernel/pseries/dlpar.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { cells, rootOf, text } from '../support/facilities.ts';

const unified: Property = { name: 'cache-unified', value: new Uint8Array() };
const cpu = (unit: number, l2: number) =>
  node(`PowerPC,POWER9@${unit.toString(16)}`, [
    text('device_type', 'cpu'),
    cells('ibm,ppc-interrupt-server#s', unit, unit + 1),
    cells('l2-cache', l2),
  ]);
const cache = (level: number, unit: number, next?: number) =>
  node(`l${level}-cache@${unit.toString(16)}`, [
    unified,
    cells('ibm,phandle', unit),
    ...(next === undefined ? [] : [cells('l2-cache', next)]),
  ]);

/** Two processors of two threads; each has its own caches. */
const power9 = () =>
  rootOf(
    node(
      'cpus',
      [],
      [
        cpu(0, 0x2010),
        cpu(8, 0x2011),
        cache(2, 0x2010, 0x3110),
        cache(3, 0x3110),
        cache(2, 0x2011, 0x3111),
        cache(3, 0x3111),
      ],
    ),
  );

const external = (k: ReturnType<typeof boot>, path: string) =>
  at(k, path)
    .holders.filter(({ who }) => who !== 'initial' && who !== 'sysfs')
    .map(({ who, count }) => `${who}:${count}`);

describe('cacheinfo', () => {
  test('holds the nodes of the caches of CPUs that are online, split ones twice', () => {
    const k = boot(power9(), { drivers: [], cpus: 2 });
    expect(external(k, '/cpus/PowerPC,POWER9@0')).toEqual([
      'cpu0:1',
      'cpu1:1',
      'cacheinfo (data):1',
      'cacheinfo (instruction):1',
    ]);
    expect(external(k, '/cpus/l2-cache@2010')).toEqual(['cacheinfo:1']);
    expect(external(k, '/cpus/l3-cache@3110')).toEqual(['cacheinfo:1']);
    expect(external(k, '/cpus/l2-cache@2011')).toEqual([]);
  });

  test('puts all nodes and gets them again', () => {
    const k = boot(power9(), { drivers: [], cpus: 4 });
    const before = k.of.nodes.map((np) => np.count);
    cacheinfoTeardown(k);
    expect(external(k, '/cpus/l3-cache@3111')).toEqual([]);
    expect(external(k, '/cpus/PowerPC,POWER9@8')).toEqual(['cpu2:1', 'cpu3:1']);
    cacheinfoRebuild(k);
    expect(k.of.nodes.map((np) => np.count)).toEqual(before);
  });

  test('a circle of caches is followed once', () => {
    const k = boot(rootOf(cpu(0, 5), cache(2, 5, 6), cache(3, 6, 5)), { drivers: [] });
    expect(external(k, '/l3-cache@6')).toEqual(['cacheinfo:1']);
  });
});

describe('nodes of processors', () => {
  test('removing one with a thread that is online is a BUG', () => {
    const k = boot(power9(), { drivers: [], cpus: 2 });
    expect(finish(k, dlparDetachNode(k, at(k, '/cpus/PowerPC,POWER9@8')))).toBe(0);
    expect(finish(k, dlparDetachNode(k, at(k, '/cpus/PowerPC,POWER9@0')))).toBe('killed');
    expect(texts(k)[1]).toBe('kernel BUG at arch/powerpc/platforms/pseries/hotplug-cpu.c:312!');
  });
});
