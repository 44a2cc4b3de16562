import { describe, expect, test } from 'vitest';
import { node, tree } from '../../../src/devicetree/index.ts';
import { LiveProperty, OF_DETACHED } from '../../../src/kernel/of/device-node.ts';
import { ofAttachNode, ofDetachNode } from '../../../src/kernel/of/dynamic.ts';
import { findByName, findByPath, findByPhandle, nextNode } from '../../../src/kernel/of/find.ts';
import { cacheSlot } from '../../../src/kernel/of/phandle-cache.ts';
import { ofNodePut } from '../../../src/kernel/of/reference.ts';
import { dlparDetachNode } from '../../../src/kernel/pseries/dlpar.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { cells, rootOf, text } from '../support/facilities.ts';

const small = () => rootOf(node('a', [cells('ibm,phandle', 10)], [node('b'), node('c@1')]), node('d'));

function make(
  k: ReturnType<typeof boot>,
  name: string,
  parent: string,
  ...properties: ReturnType<typeof text>[]
) {
  const np = k.of.create(name);
  np.parent = at(k, parent);
  let last: LiveProperty | null = null;
  for (const { name: called, value } of properties) {
    const property: LiveProperty = new LiveProperty(called, value);
    if (last) last.next = property;
    else np.properties = property;
    last = property;
  }
  return np;
}

describe('a booted tree', () => {
  test('keeps the order and derives missing names', () => {
    const k = boot(small(), { drivers: [] });
    const paths: string[] = [];
    for (let np: typeof k.of.root | null = k.of.root; np; np = nextNode(np))
      paths.push(`${np.path} ${np.name}`);
    expect(paths).toEqual(['/ ', '/a a', '/a/b b', '/a/c@1 c', '/d d']);
    const made = at(k, '/a/c@1').properties;
    expect([made?.name, made?.value]).toEqual(['name', Uint8Array.of(0x63, 0)]);
  });

  test('ibm,phandle overrides the other two properties', () => {
    const phandle = (...properties: ReturnType<typeof cells>[]) =>
      at(boot(rootOf(node('n', properties)), { drivers: [] }), '/n').phandle;
    expect(phandle(cells('linux,phandle', 1), cells('phandle', 2))).toBe(1);
    expect(phandle(cells('phandle', 2), cells('ibm,phandle', 3))).toBe(3);
    expect(phandle(cells('ibm,phandle', 3), cells('phandle', 2))).toBe(3);
    expect(phandle({ name: 'phandle', value: Uint8Array.of(1, 2) })).toBe(0);
  });

  test('duplicate names get a number and are logged', () => {
    const twins = rootOf(node('cpus', [text('l2', 'x')], [node('l2'), node('l3'), node('l3')]));
    const k = boot(twins, { drivers: [] });
    expect(texts(k)).toEqual([
      'Duplicate name in cpus, renamed to "l2#1"',
      'Duplicate name in cpus, renamed to "l3#1"',
    ]);
    expect(k.log.lines.map(({ level }) => level)).toEqual([4, 4]);
  });

  test('nodes below the 63rd level are omitted', () => {
    let deep = node('n');
    for (let i = 0; i < 100; i++) deep = node('n', [], [deep]);
    expect(boot(tree(deep), { drivers: [] }).of.nodes).toHaveLength(63);
  });
});

describe('attaching', () => {
  test('makes the node the first child and loses its children', () => {
    const k = boot(small(), { drivers: [] });
    const np = make(k, 'new@2', '/a', text('name', 'new'), cells('ibm,phandle', 0x77));
    np.child = make(k, 'inner', '/a');
    finish(k, ofAttachNode(k, np));
    expect([np.child, at(k, '/a').child === np, np.sibling?.fullName]).toEqual([null, true, 'b']);
    expect([np.name, np.phandle, np.count, np.inSysfs, at(k, '/a').count]).toEqual(['new', 0x77, 2, true, 5]);
  });

  test.each([
    [[cells('ibm,phandle', 3), cells('linux,phandle', 2), cells('phandle', 1)], 1],
    [[cells('ibm,phandle', 3), cells('linux,phandle', 2)], 2],
    [[cells('ibm,phandle', 3)], 3],
    [[{ name: 'phandle', value: Uint8Array.of(1) }, cells('ibm,phandle', 3)], 0],
    [[], 0],
  ])('prefers phandle to linux,phandle to ibm,phandle (%#)', (properties, phandle) => {
    const k = boot(small(), { drivers: [] });
    const np = make(k, 'new', '/', ...properties);
    finish(k, ofAttachNode(k, np));
    expect(np.phandle).toBe(phandle);
    expect(np.name).toBe('<NULL>');
  });

  test('under a node that is not in sysfs is an oops, and of_mutex stays locked', () => {
    const k = boot(small(), { drivers: [] });
    const np = make(k, 'new', '/a');
    finish(k, dlparDetachNode(k, at(k, '/a')));
    const start = k.log.lines.length;
    expect(finish(k, ofAttachNode(k, np))).toBe('killed');
    expect(texts(k, start)).toContain('BUG: Kernel NULL pointer dereference on read at 0x00000000');
    expect(finish(k, ofAttachNode(k, make(k, 'other', '/')))).toBe('hung');
  });
});

describe('detaching', () => {
  test('keeps the initial reference and the pointers to parent and sibling', () => {
    const k = boot(small(), { drivers: [] });
    const b = at(k, '/a/b');
    finish(k, ofDetachNode(k, b));
    expect([b.count, b.has(OF_DETACHED), b.inSysfs]).toEqual([1, true, false]);
    expect([b.parent?.path, b.sibling?.fullName, at(k, '/a').count]).toEqual(['/a', 'c@1', 3]);
    expect(at(k, '/a').child?.fullName).toBe('c@1');
  });

  test('by dlpar detaches children first and puts the initial reference', () => {
    const k = boot(small(), { drivers: [] });
    finish(k, dlparDetachNode(k, at(k, '/a')));
    expect(['/a', '/a/b', '/a/c@1'].map((path) => [at(k, path).count, at(k, path).released])).toEqual([
      [0, true],
      [0, true],
      [0, true],
    ]);
    expect(findByPath(k, '/a', 'test')).toBeNull();
  });

  test.each([
    ['6.1', 0, 262],
    ['6.12', 1, 274],
  ] as const)('twice warns; v%s then has %i references left', (release, left, line) => {
    const k = boot(small(), { drivers: [], release });
    const d = at(k, '/d');
    finish(k, ofDetachNode(k, d));
    const start = k.log.lines.length;
    finish(k, ofDetachNode(k, d));
    expect(texts(k, start)[1]).toBe(
      `WARNING: CPU: 0 PID: 1001 at drivers/of/dynamic.c:${line} __of_detach_node+0x0/0x0`,
    );
    expect(d.count).toBe(left);
  });
});

describe('releasing a node that is still attached', () => {
  test.each([
    ['5.10', 'OF: ERROR: Bad of_node_put() on /a/b'],
    ['6.1', 'OF: ERROR: Bad of_node_put() on /a/b'],
    ['6.12', 'OF: ERROR: of_node_release() detected bad of_node_put() on /a/b'],
    ['7.2', 'OF: ERROR: of_node_release() detected bad of_node_put() on /a/b'],
  ] as const)('v%s warns and removes its directory', (release, message) => {
    const k = boot(small(), { drivers: [], release });
    const b = at(k, '/a/b');
    const start = k.log.lines.length;
    for (let i = 0; i < 2; i++) ofNodePut(k, b, 'test');
    expect(texts(k, start)).toContain(message);
    expect([b.inSysfs, b.released, at(k, '/a').count]).toEqual([false, false, 3]);
    const underflow = texts(k, start).filter((line) => line.startsWith('refcount_t'));
    // v5.10 takes a reference on the node to print it.
    expect(underflow.length).toBe(release === '5.10' ? 3 : 0);
  });

  test('a freed node that still has children is logged since v6.12', () => {
    const k = boot(small(), { drivers: [] });
    const np = make(k, 'new', '/a');
    finish(k, ofAttachNode(k, np));
    finish(k, ofAttachNode(k, make(k, 'inner', '/a/new')));
    const start = k.log.lines.length;
    finish(k, ofDetachNode(k, np));
    ofNodePut(k, np, 'initial');
    ofNodePut(k, np, 'test');
    expect(texts(k, start)).toContain('OF: ERROR: of_node_release() unexpected children for /a/new');
  });
});

describe('lookups', () => {
  test('slots of the phandle cache', () => {
    const slots = [0xfffffff6, 0xfffffff5, 0xfffffff4, 0xfffffff3, 1, 2, 0xffffffff].map(cacheSlot);
    expect(slots).toEqual([23, 102, 53, 4, 48, 97, 79]);
  });

  test('the cached one of two nodes with the same phandle is found until it is detached', () => {
    const k = boot(small(), { drivers: [] });
    const old = findByPhandle(k, 10, 'test');
    const newer = make(k, 'a', '/', cells('ibm,phandle', 10));
    finish(k, ofAttachNode(k, newer));
    expect(findByPhandle(k, 10, 'test')).toBe(old);
    finish(k, ofDetachNode(k, at(k, '/d')));
    if (old) finish(k, dlparDetachNode(k, old));
    expect(findByPhandle(k, 10, 'test')).toBe(newer);
  });

  test('without a cached node the newest is found; zero finds nothing', () => {
    const k = boot(small(), { drivers: [] });
    const newer = make(k, 'a', '/', cells('ibm,phandle', 10));
    finish(k, ofAttachNode(k, newer));
    expect(findByPhandle(k, 10, 'test')).toBe(newer);
    expect(findByPhandle(k, 0, 'test')).toBeNull();
  });

  test('paths use full names, the first matching sibling, and aliases', () => {
    const aliased = rootOf(
      node('aliases', [text('one', '/a'), text('loop', 'loop'), text('two', 'one/b')]),
      node('a', [], [node('b')]),
      node('a', [text('second', '')]),
    );
    const k = boot(aliased, { drivers: [] });
    const found = (path: string) => findByPath(k, path, 'test')?.path;
    expect(['/', '/a', '/a/b', 'one', 'one/b', 'two', '/a:9600n8'].map(found)).toEqual([
      '/',
      '/a',
      '/a/b',
      '/a',
      '/a/b',
      '/a/b',
      '/a',
    ]);
    expect(['', '/a/', '//a', '/b', 'loop', 'three', '/a#1'].map(found)).toEqual(
      new Array(7).fill(undefined),
    );
    expect(findByPath(k, '/a', 'test')?.properties?.name).toBe('name');
  });

  test('names end at the unit address', () => {
    const k = boot(small(), { drivers: [] });
    expect(findByName(k, 'c', 'test')?.path).toBe('/a/c@1');
    expect(findByName(k, 'c@1', 'test')).toBeNull();
  });
});
