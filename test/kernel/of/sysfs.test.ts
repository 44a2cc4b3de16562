import { describe, expect, test } from 'vitest';
import { node } from '../../../src/devicetree/index.ts';
import { findProperty, LiveProperty } from '../../../src/kernel/of/device-node.ts';
import { ofAttachNode, ofDetachNode } from '../../../src/kernel/of/dynamic.ts';
import { ofAddProperty, ofRemoveProperty, ofUpdateProperty } from '../../../src/kernel/of/property.ts';
import { directoryOf, lookUp, sysfsNames } from '../../../src/kernel/of/sysfs-directory.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { rootOf, text } from '../support/facilities.ts';

const small = () =>
  boot(rootOf(node('a', [text('one', '1'), text('two', '2')], [node('b')])), { drivers: [] });
const property = (name: string, ...bytes: number[]) => new LiveProperty(name, Uint8Array.of(...bytes));
const names = (k: ReturnType<typeof boot>, path: string) => Array.from(directoryOf(at(k, path)).keys());

function attach(k: ReturnType<typeof boot>, name: string, parent: string) {
  const np = k.of.create(name);
  np.parent = at(k, parent);
  finish(k, ofAttachNode(k, np));
  return np;
}

describe('directories', () => {
  test('have one name space for properties and nodes', () => {
    const k = small();
    expect(names(k, '/a')).toEqual(['one', 'two', 'name', 'b']);
    attach(k, 'two', '/a');
    expect(texts(k)).toEqual(['Duplicate name in a, renamed to "two#1"']);
    expect(sysfsNames(at(k, '/a/two'))).toEqual(['a', 'two#1']);
  });

  test('the second entry of a name is called #1; removing it frees that name', () => {
    const k = small();
    const second = attach(k, 'b', '/a');
    expect(lookUp(k, ['a', 'b#1'])).toBe(second);
    finish(k, ofDetachNode(k, second));
    expect(lookUp(k, ['a', 'b#1'])).toBeUndefined();
    expect(lookUp(k, ['a', 'b'])).toBeDefined();
  });

  test('after sixteen tries the node is not added to sysfs', () => {
    const k = small();
    for (let i = 0; i < 16; i++) attach(k, 'b', '/a');
    const start = k.log.lines.length;
    const last = attach(k, 'b', '/a');
    expect(texts(k, start)).toEqual([
      'Duplicate name in a, renamed to "b#16"',
      "sysfs: cannot create duplicate filename '/firmware/devicetree/base/a/b#16'",
      'CPU: 0 PID: 1016 Comm: test Not tainted 6.12.117',
      'Call Trace:',
      'dump_stack_lvl+0x0/0x0 (unreliable)',
      'sysfs_warn_dup+0x0/0x0',
      'sysfs_create_dir_ns+0x0/0x0',
      'kobject_add_internal+0x0/0x0',
      'kobject_add+0x0/0x0',
      '__of_attach_node_sysfs+0x0/0x0',
      "kobject: kobject_add_internal failed for b#16 with -EEXIST, don't try to register things with the same name in the same directory.",
    ]);
    expect([last.inSysfs, last.count, at(k, '/a').child === last]).toEqual([false, 1, true]);
  });

  test('under the root the directory is called base', () => {
    const k = small();
    attach(k, 'a', '/');
    expect(texts(k)).toEqual(['Duplicate name in base, renamed to "a#1"']);
  });
});

describe('properties', () => {
  test('an update keeps the place in the list and the name of the file', () => {
    const k = small();
    const a = at(k, '/a');
    const old = findProperty(a, 'one');
    finish(k, ofUpdateProperty(k, a, property('one', 9)));
    expect([a.properties?.name, a.properties?.value, a.properties?.sysfsName]).toEqual([
      'one',
      Uint8Array.of(9),
      'one',
    ]);
    expect([a.deadprops, old?.sysfsName]).toEqual([old, null]);
    expect(texts(k)).toEqual([]);
  });

  test('an update of an absent property appends it', () => {
    const k = small();
    finish(k, ofUpdateProperty(k, at(k, '/a'), property('new', 1)));
    expect(names(k, '/a')).toEqual(['one', 'two', 'name', 'b', 'new']);
    expect(findProperty(at(k, '/a'), 'name')?.next?.name).toBe('new');
  });

  test('adding rejects a second property of the name', () => {
    const k = small();
    expect(finish(k, ofAddProperty(k, at(k, '/a'), property('one', 1)))).toBe(-17);
    expect(finish(k, ofAddProperty(k, at(k, '/a'), property('three', 1)))).toBe(0);
  });

  test('a property with the name of a child gets a number as well', () => {
    const k = small();
    finish(k, ofAddProperty(k, at(k, '/a'), property('b', 1)));
    expect(findProperty(at(k, '/a'), 'b')?.sysfsName).toBe('b#1');
  });

  test('removing moves the property to deadprops; an unknown one is an error', () => {
    const k = small();
    const a = at(k, '/a');
    const two = findProperty(a, 'two');
    expect(finish(k, ofRemoveProperty(k, a, two))).toBe(0);
    expect(finish(k, ofRemoveProperty(k, a, two))).toBe(-19);
    expect(finish(k, ofRemoveProperty(k, a, null))).toBe(-19);
    expect([a.deadprops, lookUp(k, ['a', 'two'])]).toEqual([two, undefined]);
  });

  test('an update of a detached node warns about its missing directory', () => {
    const k = small();
    const b = at(k, '/a/b');
    finish(k, ofDetachNode(k, b));
    finish(k, ofUpdateProperty(k, b, property('name', 1)));
    expect(texts(k).slice(1, 3)).toEqual([
      "kernfs: can not remove 'name', no directory",
      'WARNING: CPU: 0 PID: 1001 at fs/kernfs/dir.c:1684 kernfs_remove_by_name_ns+0x0/0x0',
    ]);
  });

  test('notifiers are called for changes of nodes in sysfs only', () => {
    const k = small();
    const notified: string[] = [];
    k.of.notifiers.register({
      name: 'test',
      notify: (data) => {
        notified.push('property' in data ? `${data.action} ${data.property.name}` : data.action);
        return 0;
      },
    });
    const a = at(k, '/a');
    finish(k, ofAddProperty(k, a, property('x', 1)));
    finish(k, ofUpdateProperty(k, a, property('y', 1)));
    finish(k, ofRemoveProperty(k, a, findProperty(a, 'x')));
    const b = at(k, '/a/b');
    finish(k, ofDetachNode(k, b));
    finish(k, ofAddProperty(k, b, property('x', 1)));
    expect(notified).toEqual(['add x', 'update y', 'remove x', 'detach']);
  });
});
