import { describe, expect, test } from 'vitest';
import { node } from '../../../src/devicetree/index.ts';
import { LiveProperty, OF_POPULATED } from '../../../src/kernel/of/device-node.ts';
import { ofAttachNode, ofDetachNode } from '../../../src/kernel/of/dynamic.ts';
import { ofUpdateProperty } from '../../../src/kernel/of/property.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { rootOf } from '../support/facilities.ts';

type Release = '6.1' | '6.12';

function attach(parent: string, status?: string, release: Release = '6.12', times = 1) {
  const k = boot(rootOf(node('a')), { drivers: [], release });
  for (let i = 0; i < times; i++) {
    const np = k.of.create('new');
    np.parent = at(k, parent);
    if (status) np.properties = new LiveProperty('status', Uint8Array.from(Buffer.from(`${status}\0`)));
    finish(k, ofAttachNode(k, np));
  }
  return { k, np: at(k, parent === '/' ? '/new' : `${parent}/new`) };
}

describe('nodes that are attached under the root', () => {
  test('become platform devices since v6.12, which hold them until they are detached', () => {
    const { k, np } = attach('/');
    expect([np.count, np.has(OF_POPULATED)]).toEqual([3, true]);
    expect(np.holders).toContainEqual({ who: 'platform device', count: 1 });
    finish(k, ofDetachNode(k, np));
    expect([np.count, np.has(OF_POPULATED)]).toEqual([1, false]);
  });

  test.each([
    ['/', undefined, '6.1'],
    ['/a', undefined, '6.12'],
    ['/', 'disabled', '6.12'],
  ] as const)('do not under %s with status %s on v%s', (parent, status, release) => {
    expect(attach(parent, status, release).np.count).toBe(2);
  });

  test('do when their status becomes okay', () => {
    const { k, np } = attach('/', 'disabled');
    finish(k, ofUpdateProperty(k, np, new LiveProperty('status', Uint8Array.from(Buffer.from('okay\0')))));
    expect(np.count).toBe(3);
  });

  test('do not if the name is taken', () => {
    const { k, np } = attach('/', undefined, '6.12', 2);
    expect(np.count).toBe(2);
    expect(texts(k)).toContain("OF: of_platform_notify: failed to create for '/new'");
    expect(texts(k)).toContain("sysfs: cannot create duplicate filename '/devices/platform/new'");
  });
});
