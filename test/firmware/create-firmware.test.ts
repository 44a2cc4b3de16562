import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { allChoosers, randomChooser } from '../../src/choice/index.ts';
import { cells, node, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { createFirmware, orderPlan, planMigration } from '../../src/firmware/index.ts';
import {
  decodeUpdateNodes,
  decodeUpdateProperties,
  describeCall,
  encodeConnectorCall,
  traceRtas,
} from '../../src/papr/index.ts';
import { bytesOf } from '../papr/bytes.ts';
import { AREA, createCaller, readConnector, readProperties, receiveAll, suspend } from './caller.ts';
import { facilitiesNode, facilitiesTree, rootNode } from './example.ts';

const trees = [facilitiesTree(1), facilitiesTree(2)];
const NODES = 'ibm,update-nodes';
const PROPERTIES = 'ibm,update-properties';
const CONNECTOR = 'ibm,configure-connector';

/** A root whose children are updated: a property `big` of so many bytes each. */
const bigTree = (...sizes: readonly number[]) =>
  tree(
    rootNode(
      sizes.map((size, index) =>
        node(`n@${index}`, [
          { name: 'big', value: new Uint8Array(size).fill(size) },
          cells('ibm,phandle', 0x1000 + index),
        ]),
      ),
    ),
  );

describe('a whole migration, call by call', () => {
  test('the thread’s migration', () => {
    const lines: string[] = [];
    const firmware = createFirmware({ trees });
    const traced = traceRtas(firmware, (entry) => lines.push(describeCall(entry)));
    suspend(traced);
    createCaller(traced).call('ibm,activate-firmware');
    receiveAll(traced);
    expect(lines.slice(0, 8)).toEqual([
      'ibm,suspend-me() → 0',
      'ibm,activate-firmware() → 0',
      'ibm,update-nodes(scope 1) → 0: delete fffffff5, fffffff4, fffffff3, fffffff6; add under ffffffff drc 20000001',
      'ibm,configure-connector(drc 20000001) → 2 (next child): ibm,platform-facilities',
      'ibm,configure-connector(drc 20000001) → 3 (next property): name = "ibm,platform-facilities"',
      'ibm,configure-connector(drc 20000001) → 3 (next property): device_type = "ibm,platform-facilities"',
      'ibm,configure-connector(drc 20000001) → 3 (next property): #address-cells = <0x1>',
      'ibm,configure-connector(drc 20000001) → 3 (next property): #size-cells = <0x0>',
    ]);
    const statuses = lines
      .slice(3)
      .map((line) => /→ (\d)/.exec(line)?.[1])
      .join('');
    expect(statuses).toBe('2' + '33333' + '2' + '333333' + '1' + '3333333' + '1' + '333333' + '4' + '0');
  });

  test('update-nodes: exact bytes, and the bytes after them stay unchanged', () => {
    const firmware = createFirmware({ trees });
    suspend(firmware);
    const { call, fill, area } = createCaller(firmware);
    fill(new Uint8Array(16));
    area.fill(0xaa, 16);
    expect(call(NODES, AREA, 1)).toBe(0);
    const reply = bytesOf(`
      00000000 00000000 00000000 00000000
      01000004 fffffff5 fffffff4 fffffff3 fffffff6
      03000001 ffffffff 20000001
      00000000`);
    expect(area.slice(0, reply.length)).toEqual(reply);
    expect(area.slice(reply.length).every((byte) => byte === 0xaa)).toBe(true);
  });

  test('the same calls give the same bytes', () => {
    const run = () => {
      const firmware = createFirmware({ trees, chooser: randomChooser(3), limits: { nodes: 3 } });
      const lines: string[] = [];
      const traced = traceRtas(firmware, ({ name, rets, area }) => {
        lines.push(`${name} ${rets} ${Buffer.from(area?.after ?? []).toString('base64')}`);
      });
      suspend(traced);
      receiveAll(traced);
      return lines;
    };
    expect(run()).toEqual(run());
  });

  test('each migration reverses the direction and the current tree', () => {
    const firmware = createFirmware({ trees, style: 'properties' });
    expect([firmware.migrations, firmware.currentTree(), firmware.plan()]).toEqual([0, trees[0], undefined]);
    const pools = [1, 2, 3].map((migration) => {
      suspend(firmware);
      expect(firmware.migrations).toBe(migration);
      expect(firmware.currentTree()).toBe(trees[migration % 2]);
      const [change] = firmware.plan()?.updates[0]?.changes ?? [];
      return [receiveAll(firmware).updates[0]?.changes[0], change];
    });
    const pool = (value: number) => cells('ibm,shared-interrupt-pool', value);
    expect(pools).toEqual([
      [pool(2), pool(2)],
      [pool(1), pool(1)],
      [pool(2), pool(2)],
    ]);
  });

  test('three servers in a cycle', () => {
    const ring = [1, 2, 3].map((pool) => facilitiesTree(pool));
    const firmware = createFirmware({ trees: ring, style: 'properties' });
    const pools = [1, 2, 3, 4].map(() => {
      suspend(firmware);
      return receiveAll(firmware).updates[0]?.changes[0];
    });
    expect(pools).toEqual([2, 3, 1, 2].map((pool) => cells('ibm,shared-interrupt-pool', pool)));
  });

  test('given plans are served unchanged', () => {
    const made = planMigration(facilitiesTree(1), facilitiesTree(2), { style: 'properties' });
    const firmware = createFirmware({
      trees,
      plans: [{ ...made, deletes: [{ phandle: 0xfffffff5, path: '/x' }] }],
    });
    suspend(firmware);
    expect(receiveAll(firmware).deletes).toEqual([0xfffffff5]);
    suspend(firmware);
    expect(receiveAll(firmware).deletes.length).toBe(4);
  });

  test('a forbidden plan is rejected at creation', () => {
    const forbidden = [tree(rootNode([node('a', [cells('ibm,phandle', 1)])])), tree(rootNode([]))];
    expect(() => createFirmware({ trees: forbidden })).toThrow(InputError);
    expect(createFirmware({ trees: forbidden, permitForbidden: true }).migrations).toBe(0);
  });
});

describe('continuation', () => {
  test('a list longer than a page: full pages, each with its zero word, then the rest', () => {
    const many = (size: number) => bigTree(...new Array<number>(2500).fill(size));
    const firmware = createFirmware({ trees: [many(1), many(2)] });
    suspend(firmware);
    const { call, fill, area } = createCaller(firmware);
    fill(new Uint8Array(16));
    const pages = [1, 2, 3].map(() => {
      const status = call(NODES, AREA, 1);
      const { state, operations } = decodeUpdateNodes(area.slice());
      const [list] = operations;
      return [status, state, list?.operation === 'update' ? list.phandles.length : undefined];
    });
    expect(pages).toEqual([
      [1, 1018, 1018],
      [1, 2036, 1018],
      [0, 0, 464],
    ]);
    expect(receiveAll(firmware).updates.length).toBe(2500);
  });

  test('a page that ends between kinds of messages', () => {
    const firmware = createFirmware({ trees, limits: { nodes: 3 } });
    suspend(firmware);
    const { call, fill, area } = createCaller(firmware);
    fill(new Uint8Array(16));
    expect(call(NODES, AREA, 1)).toBe(1);
    expect(decodeUpdateNodes(area).operations).toEqual([
      { operation: 'delete', phandles: [0xfffffff5, 0xfffffff4, 0xfffffff3] },
    ]);
    expect(call(NODES, AREA, 1)).toBe(0);
    expect(decodeUpdateNodes(area).operations).toEqual([
      { operation: 'delete', phandles: [0xfffffff6] },
      { operation: 'add', pairs: [{ parent: 0xffffffff, drcIndex: 0x20000001 }] },
    ]);
  });

  test.each([
    ['another state', 0, 9],
    ['reserved bytes', 12, 1],
  ])('update-nodes refuses a follow-up call with %s', (_, offset, value) => {
    const firmware = createFirmware({ trees, limits: { nodes: 1 } });
    suspend(firmware);
    const { call, fill, area } = createCaller(firmware);
    fill(new Uint8Array(16));
    expect(call(NODES, AREA, 1)).toBe(1);
    const kept = area.slice();
    new DataView(area.buffer).setUint32(offset, value);
    expect(call(NODES, AREA, 1)).toBe(-3);
    area.set(kept);
    expect(call(NODES, AREA, 1)).toBe(1);
    fill(new Uint8Array(16));
    expect(call(NODES, AREA, 1)).toBe(1);
    expect(area).toEqual(kept);
  });

  test('a property larger than a page is split; its first part is the last of the first reply', () => {
    const firmware = createFirmware({ trees: [bigTree(1), bigTree(5000)], style: 'properties' });
    suspend(firmware);
    const { call, fill, area } = createCaller(firmware);
    fill(bytesOf('00001000'));
    expect(call(PROPERTIES, AREA, 1)).toBe(1);
    const first = decodeUpdateProperties(area.slice());
    expect(first.state).toBe(1);
    const room = 4096 - 20 - (1 + 4 + 5) - (4 + 4);
    expect(first.descriptors).toEqual([
      { kind: 'path', path: '/n@0' },
      { kind: 'partial', name: 'big', value: new Uint8Array(room).fill(5000) },
    ]);
    expect(call(PROPERTIES, AREA, 1)).toBe(0);
    expect(decodeUpdateProperties(area.slice())).toEqual({
      phandle: 0x1000,
      state: 0,
      descriptors: [{ kind: 'value', name: 'big', value: new Uint8Array(5000 - room).fill(5000) }],
    });
  });

  test('a property that fits a page is not split', () => {
    const before = tree(rootNode([node('a', [cells('ibm,phandle', 1)])]));
    const big = (name: string, size: number) => ({ name, value: new Uint8Array(size) });
    const after = tree(
      rootNode([node('a', [cells('ibm,phandle', 1), big('one', 100), big('two', 4060), big('three', 0)])]),
    );
    const firmware = createFirmware({ trees: [before, after], style: 'properties' });
    suspend(firmware);
    const { call, fill, area } = createCaller(firmware);
    fill(bytesOf('00000001'));
    const kinds = [1, 1, 0].map((status) => {
      expect(call(PROPERTIES, AREA, 1)).toBe(status);
      return decodeUpdateProperties(area.slice()).descriptors.map((each) => each.kind);
    });
    expect(kinds).toEqual([['path', 'value'], ['value'], ['empty']]);
  });

  test('update-properties: a call with another state is rejected, a first call starts again', () => {
    const firmware = createFirmware({ trees: [bigTree(1), bigTree(9000)], style: 'properties' });
    suspend(firmware);
    const { call, fill } = createCaller(firmware);
    fill(bytesOf('00001000'));
    expect(call(PROPERTIES, AREA, 1)).toBe(1);
    fill(bytesOf('00001000 00000007'));
    expect(call(PROPERTIES, AREA, 1)).toBe(-3);
    fill(bytesOf('00001000 00000001 00000000 00000001'));
    expect(call(PROPERTIES, AREA, 1)).toBe(-3);
    fill(bytesOf('00001000 00000001'));
    expect(call(PROPERTIES, AREA, 1)).toBe(1);
    fill(bytesOf('00001000'));
    expect(call(PROPERTIES, AREA, 1)).toBe(1);
    expect(readProperties(firmware, 0x1000).changes[0]?.value?.length).toBe(9000);
  });

  test('the number of properties in a reply can be limited', () => {
    const before = tree(rootNode([node('a', [cells('ibm,phandle', 1)])]));
    const after = tree(
      rootNode([node('a', [cells('ibm,phandle', 1), cells('x', 1), cells('y', 2), cells('z', 3)])]),
    );
    const firmware = createFirmware({
      trees: [before, after],
      style: 'properties',
      limits: { properties: 2 },
    });
    suspend(firmware);
    const { call, fill } = createCaller(firmware);
    fill(bytesOf('00000001'));
    expect([call(PROPERTIES, AREA, 1), call(PROPERTIES, AREA, 1)]).toEqual([1, 0]);
    expect(readProperties(firmware, 1).changes).toEqual([cells('x', 1), cells('y', 2), cells('z', 3)]);
  });
});

describe('update-properties of any node', () => {
  const firmware = createFirmware({ trees });
  suspend(firmware);

  test('unchanged: the path only', () => {
    expect(readProperties(firmware, 0xffffffff)).toEqual({ phandle: 0xffffffff, path: '/', changes: [] });
  });

  test('deleted and added: the changes', () => {
    expect(readProperties(firmware, 0xfffffff5)).toEqual({
      phandle: 0xfffffff5,
      path: '/ibm,platform-facilities/ibm,random-v1',
      changes: [cells('ibm,shared-interrupt-pool', 2)],
    });
  });

  test('no such phandle: -3', () => {
    const { call, fill } = createCaller(firmware);
    fill(bytesOf('00000777'));
    expect(call(PROPERTIES, AREA, 1)).toBe(-3);
  });
});

describe('configure-connector', () => {
  /** A node with children, by depth, as one name for each. */
  const nest = (name: string, ...children: TreeNode[]) => node(name, [], children);
  const statusesOf = (added: TreeNode) => {
    const firmware = createFirmware({
      trees: [tree(rootNode([])), tree(rootNode([added]))],
      permitForbidden: true,
    });
    suspend(firmware);
    const traced: (number | undefined)[] = [];
    const found = readConnector(
      traceRtas(firmware, ({ rets }) => traced.push(rets[0])),
      0x20000001,
    );
    expect(found?.name).toBe(added.name);
    return traced.join('');
  };

  test('depth first: 2 for a child, 1 for a sibling, 4 at the end of siblings, 0', () => {
    expect(statusesOf(nest('a'))).toBe('230');
    expect(statusesOf(nest('a', nest('b')))).toBe('232340');
    expect(statusesOf(nest('a', nest('b', nest('c')), nest('d')))).toBe(
      '232' + '323' + '4' + '13' + '4' + '0',
    );
  });

  test('name, ibm,phandle and the properties of the node', () => {
    const firmware = createFirmware({
      trees: [tree(rootNode([])), tree(rootNode([node('a@1', [cells('phandle', 7), cells('x', 1)])]))],
      permitForbidden: true,
    });
    suspend(firmware);
    expect(readConnector(firmware, 0x20000001)?.properties).toEqual([
      { name: 'name', value: bytesOf('"a\\0"') },
      cells('phandle', 7),
      cells('x', 1),
      cells('ibm,phandle', 7),
    ]);
  });

  test('sequences may be stopped, restarted and interleaved', () => {
    const added = [nest('a', nest('b')), nest('c', nest('d'))];
    const firmware = createFirmware({
      trees: [tree(rootNode([])), tree(rootNode(added))],
      permitForbidden: true,
    });
    suspend(firmware);
    const pages = [0x20000001, 0x20000002].map((drc) => ({
      page: encodeConnectorCall(drc),
      statuses: [] as number[],
    }));
    const { call, fill, area } = createCaller(firmware);
    for (let turn = 0; turn < 7; turn++) {
      for (const each of pages) {
        fill(each.page);
        each.statuses.push(call(CONNECTOR, AREA, 0));
        each.page = area.slice();
      }
      if (turn === 2) pages[1] = { page: encodeConnectorCall(0x20000002), statuses: [] };
    }
    expect(pages.map(({ statuses }) => statuses.join(''))).toEqual(['2323402', '2323']);
  });

  test('an unknown connector is unusable, a changed page is rejected', () => {
    const firmware = createFirmware({ trees });
    suspend(firmware);
    const { call, fill } = createCaller(firmware);
    fill(encodeConnectorCall(0x20000002));
    expect(call(CONNECTOR, AREA, 0)).toBe(-9003);
    fill(bytesOf('20000001 00000fff'));
    expect(call(CONNECTOR, AREA, 0)).toBe(-3);
  });

  test('an item that does not fit a page needs memory, and fails with a second page', () => {
    const big = node('a', [{ name: 'big', value: new Uint8Array(4080) }]);
    const firmware = createFirmware({
      trees: [tree(rootNode([])), tree(rootNode([big]))],
      permitForbidden: true,
    });
    suspend(firmware);
    const { call, fill } = createCaller(firmware);
    fill(encodeConnectorCall(0x20000001));
    const extents = [0, 0, 0, 0, AREA];
    expect(extents.map((extent) => call(CONNECTOR, AREA, extent))).toEqual([2, 3, 5, 5, -1]);
  });
});

describe('rejected calls', () => {
  test('before the first migration there is no reply', () => {
    const { call, fill } = createCaller(createFirmware({ trees }));
    fill(new Uint8Array(16));
    expect([call(NODES, AREA, 1), call(PROPERTIES, AREA, 1), call(CONNECTOR, AREA, 0)]).toEqual([-3, -3, -3]);
  });

  test('scope 1 has the messages, 2 and 3 have none, others are unknown', () => {
    const firmware = createFirmware({ trees });
    suspend(firmware);
    const { call, fill, area } = createCaller(firmware);
    const scopes = [1, 2, 3, 0, 4, -2].map((scope) => {
      fill(new Uint8Array(16));
      return [call(NODES, AREA, scope), decodeUpdateNodes(area.slice(0, 64)).operations.length];
    });
    // The last three leave the zeroed page unchanged, which reads as an empty reply.
    expect(scopes).toEqual([
      [0, 2],
      [0, 0],
      [0, 0],
      [-3, 0],
      [-3, 0],
      [-3, 0],
    ]);
    const descriptors = [1, 2, 3, 0].map((scope) => {
      fill(bytesOf('fffffff5'));
      return [call(PROPERTIES, AREA, scope), decodeUpdateProperties(area.slice()).descriptors.length];
    });
    expect(descriptors).toEqual([
      [0, 2],
      [0, 1],
      [0, 1],
      [-3, 0],
    ]);
  });

  test('counts of arguments, addresses, tokens', () => {
    const firmware = createFirmware({ trees });
    suspend(firmware);
    const { call } = createCaller(firmware);
    expect(call(NODES, AREA)).toBe(-3);
    expect(call(NODES, AREA, 1, 0)).toBe(-3);
    expect(call(NODES, 0x9000_0000, 1)).toBe(-3);
    expect(call('ibm,suspend-me', 1)).toBe(-3);
    expect(call('ibm,get-system-parameter', 43, AREA, 4000)).toBe(-3);
    expect(call('0x1234')).toBe(-3);
    expect(firmware.migrations).toBe(1);
    const { token = 0 } = { token: firmware.tokens.get(NODES) };
    const memory = createCaller(firmware).memory;
    expect(firmware.call({ token, args: [AREA, 1], nret: 2 }, memory)).toEqual([-3, 0]);
    expect(firmware.call({ token, args: [AREA, 1], nret: 0 }, memory)).toEqual([]);
  });

  test('a work area that is not aligned, if strict', () => {
    for (const [strict, status] of [
      [false, 0],
      [true, -3],
    ] as const) {
      const firmware = createFirmware({ trees, strict });
      suspend(firmware);
      const { memory } = createCaller(firmware);
      const shifted = {
        ...memory,
        read: (at: number, size: number) => memory.read(at - 128, size),
        write: (at: number, bytes: Uint8Array) => memory.write(at - 128, bytes),
      };
      const token = firmware.tokens.get(NODES) ?? 0;
      expect(firmware.call({ token, args: [AREA + 128, 1], nret: 1 }, shifted)).toEqual([status]);
    }
  });

  test('functions without a token are absent', () => {
    const firmware = createFirmware({ trees, tokens: new Map([['ibm,suspend-me', 7]]) });
    const { memory } = createCaller(firmware);
    expect(firmware.call({ token: 7, args: [], nret: 1 }, memory)).toEqual([0]);
    expect(firmware.call({ token: 0x3002, args: [AREA, 1], nret: 1 }, memory)).toEqual([-3]);
  });
});

describe('choices', () => {
  test('order: every order within deletes, updates and adds, the plan’s own first', () => {
    const plan = planMigration(facilitiesTree(1), facilitiesTree(2), { style: 'powervm' });
    const orders = Array.from(allChoosers(), (chooser) =>
      orderPlan(plan, chooser)
        .deletes.map(({ phandle }) => phandle & 0xf)
        .join(),
    );
    expect(orders[0]).toBe('5,4,3,6');
    expect(new Set(orders).size).toBe(24);
    expect(orders.length).toBe(24);
  });

  test('division: every division of a list into calls, the fullest pages first', () => {
    const plan = planMigration(facilitiesTree(1), facilitiesTree(2), { style: 'properties' });
    const cuts: string[] = [];
    for (const chooser of allChoosers()) {
      const sizes: number[] = [];
      // The order is chosen first; here only its first way matters.
      const firmware = createFirmware({
        trees,
        plans: [plan],
        chooser: { choose: (count, what) => (what.startsWith('cut') ? chooser.choose(count, what) : 0) },
      });
      suspend(firmware);
      const traced = traceRtas(firmware, ({ name, area }) => {
        if (name !== NODES || area === undefined) return;
        const [list] = decodeUpdateNodes(area.after).operations;
        sizes.push(list?.operation === 'update' ? list.phandles.length : 0);
      });
      expect(receiveAll(traced).updates.map(({ phandle }) => phandle)).toEqual([
        0xfffffff5, 0xfffffff4, 0xfffffff3,
      ]);
      cuts.push(sizes.join('+'));
    }
    expect(cuts).toEqual(['3', '2+1', '1+2', '1+1+1']);
  });
});

test('platform-facilities that are only at the destination', () => {
  const firmware = createFirmware({ trees: [tree(rootNode([])), tree(rootNode([facilitiesNode(4)]))] });
  suspend(firmware);
  const { adds } = receiveAll(firmware);
  expect(adds.map(({ node: added }) => added?.children.map(({ name }) => name))).toEqual([
    ['ibm,random-v1', 'ibm,compression-v1', 'ibm,sym-encryption-v1'],
  ]);
});
