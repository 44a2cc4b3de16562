import { describe, expect, test } from 'vitest';
import { node, type Property } from '../../../src/devicetree/index.ts';
import { findProperty } from '../../../src/kernel/of/device-node.ts';
import { pseriesDevicetreeUpdate } from '../../../src/kernel/pseries/devicetree-update.ts';
import type { PropertyDescriptor } from '../../../src/papr/index.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { cells, connectorItems, ROOT, rootOf, text } from '../support/facilities.ts';
import { type Answer, connector, nodes, properties, type Script, words } from '../support/scripted.ts';

const tree = () =>
  rootOf(
    node('a', [cells('ibm,phandle', 0x1001), text('one', '1'), text('old', 'x')]),
    node('b', [cells('ibm,phandle', 0x1002)], [node('c', [cells('ibm,phandle', 0x1003)])]),
  );

type Options = Parameters<typeof boot>[1];

function update(script: Script, options: Options = {}) {
  const k = boot(tree(), { drivers: [], policy: 'detach', ...options }, script);
  const result = finish(k, pseriesDevicetreeUpdate(k, 1));
  return { k, result, log: texts(k) };
}

const added = (name: string, phandle: number) =>
  node(name, [text('name', name), cells('ibm,phandle', phandle)]);
const connectorOf = (drc: number, ...subtrees: ReturnType<typeof node>[]) => ({
  [drc]: connector(drc, [
    ...subtrees.flatMap((subtree, index) => connectorItems(subtree, index === 0 ? 2 : 1)),
    { status: 0 },
  ]),
});

const path: PropertyDescriptor = { kind: 'path', path: '/a' };
const value = (name: string, content: string): PropertyDescriptor => ({
  kind: 'value',
  name,
  value: text(name, content).value,
});
const updateA = (...replies: Answer[]): Script => ({
  nodes: [nodes([{ operation: 'update', phandles: [0x1001] }])],
  properties: { 4097: replies },
});
const valueIn = (k: ReturnType<typeof boot>, name: string) => findProperty(at(k, '/a'), name)?.value;

describe('the list of nodes', () => {
  test('messages are applied in order, over several calls', () => {
    const { k, result, log } = update({
      nodes: [
        nodes([{ operation: 'delete', phandles: [0x1001] }], 1),
        nodes([{ operation: 'add', pairs: [{ parent: 0x1002, drcIndex: 7 }] }]),
      ],
      connectors: connectorOf(7, added('d', 0x1004)),
    });
    expect([result, log]).toEqual([0, ['mobility: removing node /a:4097', 'mobility: added node /b/d:4100']]);
    expect(at(k, '/b').child?.fullName).toBe('d');
  });

  test('a delete removes the children as well', () => {
    const { k } = update({ nodes: [nodes([{ operation: 'delete', phandles: [0x1002] }])] });
    expect([at(k, '/b').released, at(k, '/b/c').released]).toEqual([true, true]);
  });

  test('unknown phandles are logged and skipped; unknown opcodes consume their words', () => {
    const { log, result } = update({ nodes: [words([0x0500_0002, 0x1001, 0x99, 0x0200_0001, 0x98, 0])] });
    expect([result, log]).toEqual([
      0,
      [
        'mobility: Failed lookup: phandle 0x99 for action 0x5000000',
        'mobility: Failed lookup: phandle 0x98 for action 0x2000000',
      ],
    ]);
  });

  test('an operator of count 0 has no effect', () => {
    const { k } = update({ nodes: [words([0x0200_0000, 0x0100_0001, 0x1001, 0])] });
    expect(at(k, '/a').released).toBe(true);
  });

  test('the drc index of an add with an unknown parent is read as the next phandle', () => {
    const { k, log } = update({
      nodes: [words([0x0300_0002, 0xdead, 7, 0x1002, 8, 0])],
      connectors: connectorOf(8, added('d', 0x1004)),
    });
    // The pairs are (0xdead, 7) and (0x1002, 8). The kernel reads 0xdead, then 7, and 0x1002 ends the list.
    expect(log).toEqual([
      'mobility: Failed lookup: phandle 0xdead for action 0x3000000',
      'mobility: Failed lookup: phandle 0x7 for action 0x3000000',
    ]);
    expect(at(k, '/b').child?.fullName).toBe('c');
  });

  test('the last such drc index is read as an operator, which consumes the terminator', () => {
    const { log } = update({ nodes: [words([0x0300_0001, 0xdead, 0x2000_0001, 0, 0x0100_0001, 0x99, 0])] });
    expect(log).toEqual([
      'mobility: Failed lookup: phandle 0xdead for action 0x3000000',
      'mobility: Failed lookup: phandle 0x0 for action 0x20000000',
      'mobility: Failed lookup: phandle 0x99 for action 0x1000000',
    ]);
  });

  test('a count of words instead of pairs reads the terminator as a phandle', () => {
    const { log } = update({
      nodes: [words([0x0300_0002, 0x1002, 7, 0])],
      connectors: connectorOf(7, added('d', 0x1004)),
    });
    expect(log).toEqual([
      'mobility: added node /b/d:4100',
      'mobility: Failed lookup: phandle 0x0 for action 0x3000000',
    ]);
  });

  test.each([-1, -2, -3, 9900])('status %i ends the update early', (status) => {
    const { k, result } = update({
      nodes: [nodes([{ operation: 'delete', phandles: [0x1001] }], 1), { status }],
    });
    expect([result, at(k, '/a').released]).toEqual([status, true]);
  });

  test('a list without end is read past its page, which kills the thread', () => {
    const { result, log } = update({ nodes: [words([0x0100_ffff])] });
    expect(result).toBe('killed');
    expect(log.filter((line) => !line.includes('Failed lookup')).slice(0, 3)).toEqual([
      'BUG: KASAN: slab-out-of-bounds in pseries_devicetree_update+0x0/0x0',
      expect.stringMatching(/^Read of size 4 by task test\//),
      'Call Trace:',
    ]);
  });

  test('firmware that always has more ends with a hung task', () => {
    const { result, log } = update({ nodes: [{ status: 1 }] });
    expect(result).toBe('hung');
    expect(log).toEqual([expect.stringMatching(/^INFO: task test:\d+ blocked for more than 120 seconds\.$/)]);
  });

  test.each([
    ['5.10', -22],
    ['6.1', 0],
    ['6.12', 0],
  ] as const)('v%s without ibm,update-nodes returns %i', (release, expected) => {
    expect(update({ without: ['ibm,update-nodes'] }, { release }).result).toBe(expected);
  });

  test('all references are put', () => {
    const { k } = update({
      nodes: [
        nodes([
          { operation: 'update', phandles: [0x1001] },
          { operation: 'add', pairs: [{ parent: ROOT, drcIndex: 99 }] },
        ]),
      ],
      properties: { 4097: [properties(0x1001, [path])] },
    });
    expect([k.of.root.count, at(k, '/a').count]).toEqual([4, 2]);
  });
});

describe('the properties of a node', () => {
  test('the vector of kernel.md: replaced, removed, and a name without a value that changes nothing', () => {
    const removal: PropertyDescriptor = { kind: 'deleted', name: 'old' };
    const nameOnly: PropertyDescriptor = { kind: 'empty', name: 'flag' };
    const { k, log } = update(updateA(properties(0x1001, [path, value('one', '2'), removal, nameOnly])));
    expect([valueIn(k, 'one'), valueIn(k, 'old'), valueIn(k, 'flag')]).toEqual([
      text('one', '2').value,
      undefined,
      undefined,
    ]);
    expect(log).toEqual(['mobility: updating node /a property one']);
  });

  test('without dynamic debug nothing is logged', () => {
    const { log } = update(updateA(properties(0x1001, [path, value('one', '2')])), { debug: false });
    expect(log).toEqual([]);
  });

  test('removing an absent property is no error; a new property is appended', () => {
    const { k } = update(
      updateA(properties(0x1001, [path, { kind: 'deleted', name: 'none' }, value('new', 'n')])),
    );
    expect(valueIn(k, 'new')).toEqual(text('new', 'n').value);
  });

  test('parts are joined over calls, under the name of the first part', () => {
    const part = (name: string, length: number, byte: number, last: boolean): PropertyDescriptor => ({
      kind: last ? 'value' : 'partial',
      name,
      value: new Uint8Array(length).fill(byte),
    });
    const { k, log } = update(
      updateA(
        properties(0x1001, [path, part('one', 4000, 1, false)], 1),
        properties(0x1001, [part('two', 1000, 2, false)], 1),
        properties(0x1001, [part('three', 10, 3, true)]),
      ),
    );
    const joined = valueIn(k, 'one');
    expect([joined?.length, joined?.[3999], joined?.[4000], joined?.[5000]]).toEqual([5010, 1, 2, 3]);
    expect(valueIn(k, 'three')).toBeUndefined();
    expect(log).toEqual(['mobility: updating node /a property three']);
  });

  test('a removal or an early end discards pending parts', () => {
    const partial: PropertyDescriptor = { kind: 'partial', name: 'one', value: Uint8Array.of(1) };
    const { k } = update(
      updateA(
        properties(0x1001, [path, partial], 1),
        properties(0x1001, [{ kind: 'deleted', name: 'old' }, value('two', '2')], 1),
        properties(0x1001, [partial], 1),
        { status: -1 },
      ),
    );
    expect([valueIn(k, 'one'), valueIn(k, 'two')]).toEqual([text('one', '1').value, text('two', '2').value]);
  });

  test('a part that is not the last of its page moves the cursor 4 GiB ahead', () => {
    const partial: PropertyDescriptor = { kind: 'partial', name: 'one', value: Uint8Array.of(1) };
    const { result, log } = update(updateA(properties(0x1001, [path, partial, value('two', '2')])));
    expect(result).toBe('killed');
    expect(log[0]).toBe('BUG: KASAN: slab-out-of-bounds in strlen+0x0/0x0');
  });

  test('the property count of an empty reply underflows, and the page is read to its end', () => {
    const { result, log } = update(updateA({ status: 0 }));
    expect(result).toBe('killed');
    expect(log[0]).toMatch(/^BUG: KASAN: slab-out-of-bounds in /);
  });

  test('every status that is not negative is success, and only 1 means that more follows', () => {
    const { k } = update(updateA(properties(0x1001, [path, value('one', '2')], 9900), { status: -1 }));
    expect(valueIn(k, 'one')).toEqual(text('one', '2').value);
  });

  test.each([-1, -2, -3])('status %i ends the node silently', (status) => {
    const { result, log } = update(updateA({ status }));
    expect([result, log]).toEqual([0, []]);
  });

  test.each([
    ['5.10', 'Could not update big property'],
    ['6.12', 'mobility: updating big property failed: -12'],
  ] as const)('v%s logs a property that is too large for memory', (release, message) => {
    const area = properties(0x1001, [path, value('big', '')]).area?.slice() ?? new Uint8Array();
    // The word before the value is its length: a part of 2 GiB.
    new DataView(area.buffer).setUint32(area.length - 5, 0x8000_0001);
    expect(update(updateA({ status: 0, area }), { release }).log).toEqual([message]);
  });

  test('phandle and name change as properties only', () => {
    const next = cells('ibm,phandle', 0x77);
    const { k } = update(
      updateA(
        properties(0x1001, [
          path,
          { kind: 'value', name: 'ibm,phandle', value: next.value },
          value('name', 'z'),
        ]),
      ),
    );
    expect([at(k, '/a').phandle, at(k, '/a').name, valueIn(k, 'ibm,phandle')]).toEqual([
      0x1001,
      'a',
      next.value,
    ]);
  });
});

describe('the connector', () => {
  const add = (answers: readonly Answer[], options: Options = {}) =>
    update(
      {
        nodes: [nodes([{ operation: 'add', pairs: [{ parent: 0x1002, drcIndex: 7 }] }])],
        connectors: { 7: answers },
      },
      options,
    );
  const items = (...list: Parameters<typeof connector>[1]) => connector(7, list);
  const named = (name: string): Property => text('name', name);

  test('attaches the root and loses its children', () => {
    const subtree = node('d', [named('d'), cells('ibm,phandle', 5)], [added('e', 6), added('f', 7)]);
    const { k } = add(items(...connectorItems(subtree), { status: 0 }));
    expect([at(k, '/b/d').child, at(k, '/b/d/e').wasAttached, at(k, '/b/d/f').wasAttached]).toEqual([
      null,
      false,
      false,
    ]);
    expect(Array.from(propertiesOf(k, '/b/d'))).toEqual(['name', 'ibm,phandle']);
  });

  test('the second of two next-children makes the first unreachable', () => {
    const { k } = add(
      items(
        { status: 2, name: 'd' },
        { status: 2, name: 'e' },
        { status: 4 },
        { status: 2, name: 'f' },
        { status: -1 as 0 },
      ),
    );
    // The error frees the nodes that are linked: d and f, but not e.
    expect(['d', 'd/e', 'd/f'].map((name) => at(k, `/b/${name}`).discarded)).toEqual([true, false, true]);
  });

  test.each([
    [-1, '6.12'],
    [5, '6.12'],
    [-9003, '5.10'],
  ] as const)('status %i is logged and adds nothing', (status, release) => {
    const { log } = add([...items({ status: 2, name: 'd' }), { status }], { release });
    expect(log).toEqual([`Unexpected Error (${status}) returned from configure-connector`]);
  });

  test('an immediate end adds and logs nothing', () => {
    expect(add(items({ status: 0 })).log).toEqual([]);
  });

  test.each([
    ['next sibling', items({ status: 1, name: 'd' })],
    ['next property', items({ status: 3, name: 'x', value: Uint8Array.of(1) })],
    ['previous parent', items({ status: 4 })],
  ])('%s first is an oops', (_, answers) => {
    const { result, log } = add(answers);
    expect(result).toBe('killed');
    expect(log[0]).toBe('BUG: Kernel NULL pointer dereference on read at 0x00000000');
  });

  test("a property after a child is linked to the child's last property", () => {
    const { k } = add(
      items(
        { status: 2, name: 'd' },
        { status: 3, name: 'name', value: named('d').value },
        { status: 2, name: 'e' },
        { status: 3, name: 'x', value: Uint8Array.of(1) },
        { status: 4 },
        { status: 3, name: 'late', value: Uint8Array.of(2) },
        { status: 0 },
      ),
    );
    expect(Array.from(propertiesOf(k, '/b/d'))).toEqual(['name']);
    expect(Array.from(propertiesOf(k, '/b/d/e'))).toEqual(['x', 'late']);
  });

  test('previous-parent can lead into the live tree, which changes its lists but not its directory', () => {
    const { k } = add(
      items(
        { status: 2, name: 'd' },
        { status: 3, name: 'name', value: named('d').value },
        { status: 4 },
        { status: 2, name: 'intruder' },
        { status: 4 },
        { status: 4 },
        { status: 4 },
        { status: 0 },
      ),
    );
    // d is attached before the other node, which has replaced c.
    expect([at(k, '/b').child?.fullName, at(k, '/b').child?.sibling?.fullName]).toEqual(['d', 'intruder']);
    expect(Array.from(at(k, '/b').directory?.keys() ?? [])).toEqual(['ibm,phandle', 'name', 'c', 'd']);
  });

  test.each([
    ['a name', { status: 2, area: pageWith(8, 4096) }],
    ['a value', { status: 3, area: pageWith(16, 4000) }],
  ])('%s outside the page kills the thread', (_, answer) => {
    const { result, log } = add([...items({ status: 2, name: 'd' }), answer]);
    expect([result, log[0]]).toEqual(['killed', expect.stringMatching(/^BUG: KASAN: slab-out-of-bounds/)]);
  });

  test('busy and delay statuses are repeated', () => {
    const { k, log } = add([
      { status: -2 },
      { status: 9905 },
      ...items({ status: 2, name: 'd' }),
      { status: 9900 },
      ...items({ status: 0 }),
    ]);
    expect(log).toEqual(['mobility: added node /b/d:0']);
    expect(k.clock.seconds).toBeGreaterThan(11);
  });

  test('v5.10 spins instead of sleeping without other threads', () => {
    const { k } = add([{ status: 9905 }, ...items({ status: 0 })], { release: '5.10' });
    expect(k.clock.seconds).toBeLessThan(10.1);
  });

  function* propertiesOf(k: ReturnType<typeof boot>, of: string) {
    for (let property = at(k, of).properties; property; property = property.next) yield property.name;
  }

  function pageWith(offset: number, word: number): Uint8Array {
    const area = new Uint8Array(32);
    const view = new DataView(area.buffer);
    view.setUint32(8, 20);
    view.setUint32(12, 100);
    view.setUint32(offset, word);
    return area;
  }
});
