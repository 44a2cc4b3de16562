import { describe, expect, test } from 'vitest';
import {
  refcountDec,
  refcountDecAndTest,
  refcountInc,
  refcountIncNotZero,
  refcountSites,
  SATURATED,
} from '../../../src/kernel/core/refcount.ts';
import { ofNodeGet, ofNodePut } from '../../../src/kernel/of/reference.ts';
import { at, boot, texts } from '../support/booted.ts';
import { facilities, leaves, rootOf } from '../support/facilities.ts';

describe('refcount_t', () => {
  test('counts up and down', () => {
    const counted = { count: 1 };
    expect(refcountInc(counted)).toBeUndefined();
    expect(refcountIncNotZero(counted)).toBe(true);
    expect(refcountDec(counted)).toBeUndefined();
    expect(refcountDecAndTest(counted)).toBe(false);
    expect(refcountDecAndTest(counted)).toBe(true);
    expect(counted.count).toBe(0);
  });

  test.each([
    [refcountInc, 0, refcountSites.addUseAfterFree],
    [refcountInc, 0x7fffffff, refcountSites.addOverflow],
    [refcountInc, SATURATED, refcountSites.addOverflow],
    [refcountIncNotZero, SATURATED, refcountSites.addNotZeroOverflow],
    [refcountDecAndTest, 0, refcountSites.subUseAfterFree],
    [refcountDecAndTest, SATURATED, refcountSites.subUseAfterFree],
    [refcountDec, 1, refcountSites.decLeak],
  ] as const)('%o at %i saturates', (change, count, site) => {
    const counted = { count };
    expect(change(counted)).toBe(site);
    expect(counted.count).toBe(SATURATED);
  });

  test('inc_not_zero does not change a zero', () => {
    const counted = { count: 0 };
    expect(refcountIncNotZero(counted)).toBe(false);
    expect(counted.count).toBe(0);
  });

  test('lines are those of lib/refcount.c', () => {
    expect(Object.values(refcountSites).map(({ line }) => line)).toEqual([19, 22, 25, 28, 31]);
  });
});

describe('WARN_ONCE', () => {
  test('a site warns once per boot for all counts together', () => {
    const k = boot(rootOf(facilities(1)), { drivers: [] });
    const start = k.log.lines.length;
    for (const name of leaves.slice(0, 2)) {
      const np = at(k, `/ibm,platform-facilities/${name}`);
      np.count = 0;
      ofNodeGet(k, np, 'test');
      expect(np.count).toBe(SATURATED);
    }
    expect(texts(k, start).filter((text) => text.startsWith('refcount_t'))).toEqual([
      'refcount_t: addition on 0; use-after-free.',
    ]);
  });

  test.each([
    ['6.12', 'WARNING: CPU: 0 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0x164/0x1f0'],
    ['7.2', 'WARNING: lib/refcount.c:28 at refcount_warn_saturate+0x164/0x1f0, CPU#0: swapper/0/1'],
  ] as const)('v%s prints its own header', (release, header) => {
    const k = boot(rootOf(facilities(1)), { drivers: [], release });
    const start = k.log.lines.length;
    const np = at(k, '/ibm,platform-facilities');
    np.count = 0;
    ofNodePut(k, np, 'test');
    expect(texts(k, start)).toEqual([
      '------------[ cut here ]------------',
      'refcount_t: underflow; use-after-free.',
      header,
      'Call Trace:',
      'refcount_warn_saturate+0x160/0x1f0 (unreliable)',
      'kobject_put+0x170/0x2d0',
      'of_node_put+0x2c/0x40',
      '---[ end trace 0000000000000000 ]---',
    ]);
  });
});
