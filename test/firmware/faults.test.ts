import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { replayChooser } from '../../src/choice/index.ts';
import { node, tree } from '../../src/devicetree/index.ts';
import {
  checkFault,
  createFirmware,
  describeFault,
  faultNames,
  type PlanStyle,
  parseFault,
} from '../../src/firmware/index.ts';
import {
  decodeUpdateNodes,
  decodeUpdateProperties,
  encodeConnectorCall,
  rtasFunctions,
  workAreaFunctions,
} from '../../src/papr/index.ts';
import { bytesOf } from '../papr/bytes.ts';
import { AREA, createCaller, readConnector, receiveAll } from './caller.ts';
import { facilitiesTree } from './example.ts';

const NODES = 'ibm,update-nodes';
const PROPERTIES = 'ibm,update-properties';
const CONNECTOR = 'ibm,configure-connector';
const RANDOM = '/ibm,platform-facilities/ibm,random-v1';

describe('as text', () => {
  test.each([
    ['busy', { fault: 'busy' }],
    ['busy@ibm,update-nodes', { fault: 'busy', at: 'ibm,update-nodes' }],
    ['unusable@/ibm,platform-facilities', { fault: 'unusable', at: '/ibm,platform-facilities' }],
    ['busy@/cpus/l2-cache@2010*3', { fault: 'busy', at: '/cpus/l2-cache@2010', times: 3 }],
    ['unknown-parent@20000001?', { fault: 'unknown-parent', at: '20000001', possible: true }],
    ['busy*1', { fault: 'busy', times: 1 }],
    ['busy*1000000', { fault: 'busy', times: 1_000_000 }],
    ['extended-delay@0xfffffff5*2?', { fault: 'extended-delay', at: '0xfffffff5', times: 2, possible: true }],
  ])('%s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
    expect(describeFault(parseFault(text))).toBe(text);
  });

  test.each([
    ['', 'no such fault: '],
    ['frob', 'no such fault: frob'],
    ['toString', 'no such fault: toString'],
    ['busy*x', 'no such fault: busy*x'],
    ['busy@', 'fault busy@: nothing is no place for a fault'],
    ['busy@nvram-fetch', 'fault busy@nvram-fetch: nvram-fetch is no place for a fault'],
    ['busy*0', 'fault busy*0: times must be from 1 to 1000000'],
    ['busy*1000001', 'fault busy*1000001: times must be from 1 to 1000000'],
    ['busy@100000000', 'fault busy@100000000: 100000000 is no place for a fault'],
    ['busy@x1', 'fault busy@x1: x1 is no place for a fault'],
    ['busy@1x', 'fault busy@1x: 1x is no place for a fault'],
    ['x busy', 'no such fault: x busy'],
    [
      'unusable@ibm,update-nodes',
      'fault unusable@ibm,update-nodes: unusable belongs to one function; name a node or no place',
    ],
    [
      'lost-add@ibm,update-nodes',
      'fault lost-add@ibm,update-nodes: lost-add belongs to one function; name a node or no place',
    ],
  ])('%j is rejected', (text, message) => {
    expect(() => parseFault(text)).toThrow(InputError);
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ message }));
  });

  test('each has a description of one line', () => {
    for (const [name, what] of Object.entries(faultNames)) {
      expect(parseFault(name).fault).toBe(name);
      expect(what.length).toBeLessThanOrEqual(110);
    }
  });
});

/** A migration of the thread's partition by a firmware with these faults. */
function faulty(faults: readonly string[], style: PlanStyle = 'powervm', choices: readonly number[] = []) {
  const firmware = createFirmware({
    trees: [facilitiesTree(1), facilitiesTree(2)],
    style,
    faults: faults.map(parseFault),
    chooser: replayChooser(choices),
  });
  const caller = createCaller(firmware);
  caller.call('ibm,suspend-me');
  return {
    firmware,
    ...caller,
    /** Calls update-nodes for the first page, which is filled with a byte before. */
    nodes(fill = 0) {
      caller.fill(new Uint8Array(16));
      caller.area.fill(fill, 16);
      return caller.call(NODES, AREA, 1);
    },
    properties(phandle: string) {
      caller.fill(bytesOf(phandle));
      return caller.call(PROPERTIES, AREA, 1);
    },
    connector() {
      caller.fill(encodeConnectorCall(0x20000001));
      return caller.call(CONNECTOR, AREA, 0);
    },
  };
}

test('hints list names and functions', () => {
  const hintOf = (text: string) => {
    try {
      parseFault(text);
    } catch (error) {
      return (error as InputError).hint ?? '';
    }
    return '';
  };
  expect(hintOf('frob')).toContain('names are busy, extended-delay, hardware-error, ');
  expect(hintOf('busy@frob')).toContain(
    `functions are ibm,suspend-me, ibm,activate-firmware, ${CONNECTOR}, `,
  );
});

test('the path of a fault must be in one of the trees', () => {
  const trees = [facilitiesTree(1), tree(node(''))];
  for (const text of ['busy', 'busy@1', `busy@${NODES}`, `busy@${RANDOM}`])
    expect(() => checkFault(parseFault(text), trees)).not.toThrow();
  expect(() => checkFault(parseFault(`busy@${RANDOM}x`), trees)).toThrow(
    `fault busy@${RANDOM}x: neither tree has such a node`,
  );
});

describe('statuses', () => {
  test.each(workAreaFunctions)('a fault at %s is injected there only', (name) => {
    const args: readonly number[] = new Array(rtasFunctions[name].args.length).fill(1).with(0, AREA);
    for (const called of workAreaFunctions) {
      const run = faulty([`busy@${name}`]);
      run.fill(new Uint8Array(16));
      expect(run.call(called, ...args) === -2).toBe(called === name);
    }
  });

  test('firmware does not answer a function of the machine', () => {
    expect(faulty([]).call('ibm,get-system-parameter', 1, AREA, 4096)).toBe(-3);
  });

  test.each([
    ['busy', -2],
    ['extended-delay', 9900],
    ['hardware-error', -1],
    ['parameter-error', -3],
  ])('%s is %i, once, and the work area stays as it is', (name, status) => {
    const run = faulty([`${name}@${NODES}`]);
    expect(run.nodes(0xaa)).toBe(status);
    expect(run.area.slice(16).every((byte) => byte === 0xaa)).toBe(true);
    expect(run.nodes()).toBe(0);
    expect(run.firmware.faultCounts).toEqual([1]);
  });

  test('without a place: the first call with a work area', () => {
    const run = faulty(['busy']);
    expect(run.statuses).toEqual([0]);
    expect([run.nodes(), run.nodes()]).toEqual([-2, 0]);
  });

  test('suspend-me and activate-firmware if they are named; a failed suspension is no migration', () => {
    const run = faulty(['hardware-error@ibm,suspend-me', 'extended-delay@ibm,activate-firmware*7']);
    expect(run.statuses).toEqual([-1]);
    expect(run.firmware.migrations).toBe(0);
    expect(run.call('ibm,suspend-me')).toBe(0);
    const delays = Array.from({ length: 8 }, () => run.call('ibm,activate-firmware'));
    expect(delays).toEqual([9900, 9901, 9902, 9903, 9904, 9905, 9905, 0]);
  });

  test('by node: path, phandle, drc index', () => {
    const run = faulty(
      [`busy@${RANDOM}`, 'hardware-error@fffffff4', 'parameter-error@0x20000001'],
      'powervm',
    );
    expect([run.properties('fffffff5'), run.properties('fffffff5')]).toEqual([-2, 0]);
    expect([run.properties('fffffff4'), run.properties('fffffff3')]).toEqual([-1, 0]);
    expect([run.connector(), run.connector()]).toEqual([-3, 2]);
  });

  test('busy within a connector: the page stays unchanged, and the sequence continues', () => {
    const run = faulty([`busy@${CONNECTOR}*2`]);
    run.fill(encodeConnectorCall(0x20000001));
    const statuses = Array.from({ length: 5 }, () => run.call(CONNECTOR, AREA, 0));
    expect(statuses).toEqual([-2, -2, 2, 3, 3]);
  });

  test('unusable is injected in the first call of a sequence', () => {
    const run = faulty(['unusable@/ibm,platform-facilities']);
    expect([run.connector(), run.connector()]).toEqual([-9003, 2]);
    expect(readConnector(faulty(['unusable']).firmware, 0x20000001)).toBeUndefined();
  });
});

describe('lists', () => {
  const header = '00000000 00000000 00000000 00000000';
  const deletes = '01000004 fffffff5 fffffff4 fffffff3 fffffff6';

  test('truncated-list: the operator counts operands that do not follow', () => {
    const run = faulty(['truncated-list']);
    expect(run.nodes()).toBe(0);
    expect(run.area.slice(0, 52)).toEqual(
      bytesOf(`${header} ${deletes} 03000001 ffffffff 00000000 00000000`),
    );
    const updates = faulty(['truncated-list'], 'properties');
    updates.nodes();
    expect(updates.area.slice(0, 36)).toEqual(
      bytesOf(`${header} 02000003 fffffff5 00000000 00000000 00000000`),
    );
  });

  test('missing-terminator: the old content of the page follows', () => {
    const run = faulty(['missing-terminator']);
    expect(run.nodes(0xaa)).toBe(0);
    expect(run.area.slice(0, 52)).toEqual(
      bytesOf(`${header} ${deletes} 03000001 ffffffff 20000001 aaaaaaaa`),
    );
  });

  test('full-list: no zero word up to the end of the page', () => {
    const run = faulty(['full-list']);
    expect(run.nodes()).toBe(0);
    expect(run.area.slice(0, 56)).toEqual(
      bytesOf(`${header} ${deletes} 03000001 ffffffff 20000001 03000000 03000000`),
    );
    expect(run.area.slice(4092)).toEqual(bytesOf('03000000'));
    const { operations } = decodeUpdateNodes(run.area);
    expect(operations.length).toBe(2 + (4096 - 48) / 4);
    expect(operations.at(-1)).toEqual({ operation: 'add', pairs: [] });
  });

  test('add-count-in-words: the count is that of words', () => {
    const run = faulty(['add-count-in-words']);
    run.nodes();
    expect(run.area.slice(0, 52)).toEqual(
      bytesOf(`${header} ${deletes} 03000002 ffffffff 20000001 00000000`),
    );
  });
});

describe('messages', () => {
  test('unknown-phandle: an additional update, or the message of a node', () => {
    const run = faulty(['unknown-phandle']);
    run.nodes();
    expect(decodeUpdateNodes(run.area).operations.slice(0, 2)).toEqual([
      { operation: 'delete', phandles: [0xfffffff5, 0xfffffff4, 0xfffffff3, 0xfffffff6] },
      { operation: 'update', phandles: [0x0bad0001] },
    ]);
    expect(run.properties('0bad0001')).toBe(-3);
    const named = receiveAll(faulty([`unknown-phandle@${RANDOM}`]).firmware);
    expect(named.deletes).toEqual([0x0bad0001, 0xfffffff4, 0xfffffff3, 0xfffffff6]);
    expect(named.updates).toEqual([]);
  });

  test('unknown-phandle without a node leaves the updates of nodes as they are', () => {
    const phandles = (faults: readonly string[]) => {
      const run = faulty(faults, 'properties');
      run.nodes();
      return decodeUpdateNodes(run.area).operations.flatMap((list) =>
        list.operation === 'update' ? list.phandles : [],
      );
    };
    const plain = phandles([]);
    expect(plain.length).toBeGreaterThan(0);
    expect(phandles(['unknown-phandle'])).toEqual([0x0bad0001, ...plain]);
  });

  test('unknown-parent', () => {
    expect(receiveAll(faulty(['unknown-parent']).firmware).adds.map(({ parent }) => parent)).toEqual([
      0x0bad0001,
    ]);
  });

  test('lost-add: the delete remains', () => {
    const { deletes, adds } = receiveAll(faulty(['lost-add@/ibm,platform-facilities']).firmware);
    expect([deletes.length, adds.length]).toEqual([4, 0]);
    expect(receiveAll(faulty(['lost-add@/elsewhere']).firmware).adds.length).toBe(1);
  });

  test('lone-child: one child is deleted and added under its attached parent', () => {
    for (const [fault, name, phandle] of [
      ['lone-child', 'ibm,random-v1', 0xfffffff5],
      ['lone-child@fffffff3', 'ibm,sym-encryption-v1', 0xfffffff3],
    ] as const) {
      const { deletes, adds } = receiveAll(faulty([fault]).firmware);
      expect(deletes).toEqual([phandle]);
      expect(adds.map(({ parent, node }) => [parent, node?.name, node?.children])).toEqual([
        [0xfffffff6, name, []],
      ]);
    }
  });

  test('a fault of messages is injected in every migration, unless it has a count', () => {
    for (const [fault, adds] of [
      ['lost-add', 0],
      ['lost-add*1', 1],
    ] as const) {
      const run = faulty([fault]);
      run.call('ibm,suspend-me');
      expect(receiveAll(run.firmware).adds.length).toBe(adds);
    }
  });
});

describe('replies about a node', () => {
  test('empty-property-reply: no descriptors, and zeros instead of the path', () => {
    const run = faulty(['empty-property-reply@fffffff4']);
    run.fill(bytesOf('fffffff4'));
    run.area.fill(0xaa, 16);
    expect(run.call(PROPERTIES, AREA, 1)).toBe(0);
    expect(run.area.slice(0, 26)).toEqual(
      bytesOf('fffffff4 00000000 00000000 00000000 00000000 0000000000 aa'),
    );
    expect(run.properties('fffffff5')).toBe(0);
    expect(decodeUpdateProperties(run.area).descriptors.length).toBe(2);
  });

  test('partial-first: a partial property precedes others', () => {
    const trees = [
      facilitiesTree(1),
      facilitiesTree(2, (same) => ({
        ...same,
        children: same.children.map((leaf) => ({
          ...leaf,
          properties: leaf.properties.map((each) =>
            each.name === 'status' ? { name: 'status', value: bytesOf('"disabled\\0"') } : each,
          ),
        })),
      })),
    ];
    const firmware = createFirmware({ trees, style: 'properties', faults: [parseFault('partial-first')] });
    const { call, fill, area } = createCaller(firmware);
    call('ibm,suspend-me');
    fill(bytesOf('fffffff5'));
    expect(call(PROPERTIES, AREA, 1)).toBe(1);
    const path = `00 0000002b "${RANDOM}\\0"`.replace(
      '2b',
      (RANDOM.length + 1).toString(16).padStart(2, '0'),
    );
    const pool = '"ibm,shared-interrupt-pool\\0" 00000004 00000002';
    const first = bytesOf(
      `fffffff5 00000001 00000000 00000000 00000003 ${path} "status\\0" fffffffc "disa" ${pool}`,
    );
    expect(area.slice(0, first.length)).toEqual(first);
    expect(call(PROPERTIES, AREA, 1)).toBe(0);
    expect(decodeUpdateProperties(area).descriptors).toEqual([
      { kind: 'value', name: 'status', value: bytesOf('"bled\\0"') },
    ]);
  });

  test('next-child-siblings: 4 and 2 instead of 1, and no 4 at the end', () => {
    const run = faulty(['next-child-siblings']);
    run.fill(encodeConnectorCall(0x20000001));
    const statuses: number[] = [];
    do statuses.push(run.call(CONNECTOR, AREA, 0));
    while (statuses.at(-1) !== 0);
    expect(statuses.filter((status) => status !== 3).join('')).toBe('22424240');
  });
});

describe('possible faults', () => {
  test('the chooser decides each time; its first way is not to inject', () => {
    const run = (choices: readonly number[]) => {
      // The order of four deletes comes first: three choices.
      const { nodes, firmware } = faulty([`busy@${NODES}*2?`], 'powervm', [0, 0, 0, ...choices]);
      return [nodes(), nodes(), nodes(), ...firmware.faultCounts];
    };
    expect(run([])).toEqual([0, 0, 0, 0]);
    expect(run([1])).toEqual([-2, 0, 0, 1]);
    // A call without the fault is then divided in some way.
    expect(run([0, 0, 1, 1])).toEqual([0, -2, -2, 2]);
  });
});
