import { describe, expect, test } from 'vitest';
import { node } from '../../../src/devicetree/index.ts';
import { Changeset } from '../../../src/kernel/of/changeset.ts';
import { findProperty, LiveProperty } from '../../../src/kernel/of/device-node.ts';
import type { ReconfigData } from '../../../src/kernel/of/notifier.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { rootOf, text } from '../support/facilities.ts';

const property = (name: string, ...bytes: number[]) => new LiveProperty(name, Uint8Array.of(...bytes));

function small(release: '6.1' | '6.12' = '6.12') {
  const k = boot(rootOf(node('a', [text('one', '1')], [node('b')])), { drivers: [], release });
  const notified: string[] = [];
  const listener = (error: number) => ({
    name: 'test',
    notify: (data: ReconfigData) => {
      notified.push(`${data.action} ${data.node.path}`);
      return error;
    },
  });
  return { k, notified, listener, a: at(k, '/a'), b: at(k, '/a/b') };
}

describe('a changeset', () => {
  test('notifies in order after all changes', () => {
    const { k, notified, listener, a, b } = small();
    k.of.notifiers.register(listener(0));
    const changes = new Changeset();
    changes.add(k, 'update', a, property('one', 9));
    changes.add(k, 'detach', b);
    expect(finish(k, changes.apply(k))).toBe(0);
    expect(notified).toEqual(['update /a', 'detach /a/b']);
    expect([findProperty(a, 'one')?.value, a.child]).toEqual([Uint8Array.of(9), null]);
  });

  test('keeps the initial reference of a detached node', () => {
    const { k, b } = small();
    const changes = new Changeset();
    changes.add(k, 'detach', b);
    finish(k, changes.apply(k));
    expect(b.count).toBe(2);
    changes.destroy(k);
    expect([b.count, b.holders]).toEqual([1, [{ who: 'initial', count: 1 }]]);
  });

  test.each([
    ['6.1', 'OF: changeset: apply failed: ADD_PROPERTY    /a:one'],
    ['6.12', 'OF: changeset: apply failed: ADD_PROPERTY    /a:one'],
  ] as const)('v%s undoes earlier changes when one fails', (release, message) => {
    const { k, notified, listener, a, b } = small(release);
    k.of.notifiers.register(listener(0));
    const changes = new Changeset();
    changes.add(k, 'detach', b);
    changes.add(k, 'add', a, property('two', 2));
    changes.add(k, 'add', a, property('one', 9));
    expect(finish(k, changes.apply(k))).toBe(-17);
    expect(texts(k)).toEqual([message, 'OF: Error applying changeset (-17)']);
    expect([a.child, findProperty(a, 'two'), notified]).toEqual([b, null, []]);
    expect(findProperty(a, 'one')?.value).toEqual(text('one', '1').value);
  });

  test('ignores errors of notifiers and returns the last one', () => {
    const { k, listener, a } = small();
    k.of.notifiers.register(listener(-22));
    const changes = new Changeset();
    changes.add(k, 'update', a, property('one', 9));
    expect(finish(k, changes.apply(k))).toBe(-22);
    expect(texts(k)).toEqual(['OF: changeset notifier error @/a']);
    expect(findProperty(a, 'one')?.value).toEqual(Uint8Array.of(9));
  });

  test.each(['6.1', '6.12'] as const)('v%s can be reverted', (release) => {
    const { k, notified, listener, a, b } = small(release);
    const changes = new Changeset();
    changes.add(k, 'update', a, property('one', 9));
    changes.add(k, 'update', a, property('new', 9));
    changes.add(k, 'remove', a, findProperty(a, 'name'));
    changes.add(k, 'detach', b);
    finish(k, changes.apply(k));
    k.of.notifiers.register(listener(0));
    expect(finish(k, changes.revert(k))).toBe(0);
    expect(notified).toEqual(['attach /a/b', 'add /a', 'remove /a', 'update /a']);
    expect(['one', 'new', 'name'].map((name) => findProperty(a, name)?.value)).toEqual([
      text('one', '1').value,
      undefined,
      text('name', 'a').value,
    ]);
    expect([a.child, b.inSysfs]).toEqual([b, true]);
  });

  test('a failed revert applies the reverted changes again', () => {
    const { k, a } = small();
    const changes = new Changeset();
    const two = property('two', 2);
    changes.add(k, 'add', a, two);
    changes.add(k, 'update', a, property('one', 9));
    finish(k, changes.apply(k));
    const removal = new Changeset();
    removal.add(k, 'remove', a, two);
    finish(k, removal.apply(k));
    expect(finish(k, changes.revert(k))).toBe(-19);
    expect(texts(k)).toContain('OF: Error reverting changeset (-19)');
    expect(findProperty(a, 'one')?.value).toEqual(Uint8Array.of(9));
  });
});
