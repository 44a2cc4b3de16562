import { describe, expect, test } from 'vitest';
import { node, type Property } from '../../../src/devicetree/index.ts';
import { dlparShow, dlparStore } from '../../../src/kernel/pseries/dlpar-store.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { cells, connectorItems, rootOf, text } from '../support/facilities.ts';
import { connector, type Script } from '../support/scripted.ts';

/** One entry: type `SLOT`, prefix `U1-`, indexes from 0x20000010 on. */
function drcInfo({ count, step } = { count: 4, step: 2 }): Property {
  const strings = Buffer.from('SLOT\0U1-\0');
  const value = new Uint8Array(4 + strings.length + 20);
  const view = new DataView(value.buffer);
  view.setUint32(0, 1);
  value.set(strings, 4);
  for (const [index, cell] of [0x2000_0010, 1, count, step, 0].entries())
    view.setUint32(4 + strings.length + 4 * index, cell);
  return { name: 'ibm,drc-info', value };
}

const tree = () =>
  rootOf(
    node('slots', [drcInfo()], [node('card@1', [cells('ibm,my-drc-index', 0x2000_0010)], [node('port')])]),
    node('old', [cells('ibm,drc-indexes', 2, 0x3000_0001, 0x3000_0002)]),
  );

const card = node(
  'card@2',
  [text('name', 'card'), cells('ibm,phandle', 5)],
  [node('port@1', [text('name', 'port')]), node('port@2', [text('name', 'port')])],
);
const script = (drc: number): Script => ({
  connectors: { [drc]: connector(drc, [...connectorItems(card), { status: 0 }]) },
});

function store(command: string, options: Parameters<typeof boot>[1] = {}, by: Script = {}) {
  const k = boot(tree(), { drivers: [], ...options }, by);
  return { k, result: finish(k, dlparStore(k, command)), log: texts(k) };
}

const could = (command: string) => `dlpar: Could not handle DLPAR request "${command}"`;

describe('/sys/kernel/dlpar', () => {
  test('shows the supported resources', () => {
    expect(dlparShow(boot(tree(), { release: '6.1', drivers: [] }))).toBe('memory,cpu\n');
    expect(dlparShow(boot(tree(), { release: '6.12', drivers: [] }))).toBe('memory,cpu,dt\n');
  });

  test.each([
    ['', ['dlpar: Invalid resource specified.']],
    ['slot add index 1', ['dlpar: Invalid resource specified.']],
    ['dt', []],
    ['dt\n', []],
    ['dt replace index 1', ['dlpar: Invalid action specified.']],
    ['dt add', []],
    ['dt add name 1', ['dlpar: Invalid id_type specified.']],
    ['dt add index', ['dlpar: No DRC Index specified.']],
    ['dt add  index 1', ['dlpar: Invalid id_type specified.']],
    ['dt add index x', ['dlpar: Invalid DRC Index specified.']],
    ['dt add index 0x100000000', ['dlpar: Invalid DRC Index specified.']],
    ['dt add count', ['dlpar: No DRC count specified.']],
    ['dt add indexed-count 1', ['dlpar: No DRC Index specified.']],
    ['dt add indexed-count 1 2', []],
    ['cpu remove index 1', []],
  ])('%j is EINVAL', (command, messages) => {
    const { result, log } = store(command);
    expect([result, log]).toEqual([-22, [...messages, could(command)]]);
  });

  test('dt is unknown before v6.12', () => {
    expect(store('dt add index 1', { release: '6.1' }).log[0]).toBe('dlpar: Invalid resource specified.');
  });
});

describe('dt add', () => {
  test.each([
    ['0x20000012', 0x2000_0012, '/slots'],
    ['0x20000016\n', 0x2000_0016, '/slots'],
    ['0x30000002', 0x3000_0002, '/old'],
  ])('%j attaches the whole subtree', (index, drc, parent) => {
    const { k, result, log } = store(`dt add index ${index}`, {}, script(drc));
    expect([result, log]).toEqual([0, []]);
    const paths = ['card@2', 'card@2/port@1', 'card@2/port@2'].map((name) => at(k, `${parent}/${name}`));
    expect(paths.map((np) => [np.inSysfs, np.count])).toEqual([
      [true, 4],
      [true, 2],
      [true, 2],
    ]);
    expect(at(k, parent).holders.map(({ who }) => who)).toEqual(['initial', 'sysfs']);
  });

  test('rejects an index that exists', () => {
    const { result, log } = store('dt add index 0x20000010');
    expect([result, log[0]]).toEqual([
      -22,
      'dlpar: dlpar_hp_dt_add: Adding device node for index (536870928), but already exists in the device tree',
    ]);
  });

  // Firmware would deliver a subtree for each of them: only the missing parent makes the request fail.
  test.each(['0x20000011', '0x20000018', '0x2000000e', '0x30000000', '0x30000003'])(
    'finds no parent for %s',
    (index) => {
      const { result, log } = store(`dt add index ${index}`, {}, script(Number(index)));
      expect([result, log]).toEqual([-5, [could(`dt add index ${index}`)]]);
    },
  );

  test.each([
    { entry: { count: 1, step: 0 }, index: 0x2000_0010, isCovered: true },
    { entry: { count: 1, step: 0 }, index: 0x2000_0011, isCovered: false },
    { entry: { count: 0, step: 0 }, index: 0x2000_0010, isCovered: false },
    { entry: { count: 0, step: 2 }, index: 0x2000_0010, isCovered: false },
    { entry: { count: 1, step: 2 }, index: 0x2000_0010, isCovered: true },
    { entry: { count: 1, step: 2 }, index: 0x2000_0012, isCovered: false },
  ])('an entry of $entry covers $index: $isCovered', ({ entry, index, isCovered }) => {
    const slots = rootOf(node('slots', [drcInfo(entry)]));
    const k = boot(slots, { drivers: [] }, script(index));
    expect(finish(k, dlparStore(k, `dt add index ${index}`))).toBe(isCovered ? 0 : -5);
  });

  test('a list of indexes that is shorter than its count is read to its end only', () => {
    const slots = rootOf(node('slots', [cells('ibm,drc-indexes', 3, 7)]));
    const add = (index: number) => {
      const k = boot(slots, { drivers: [] }, script(index));
      return finish(k, dlparStore(k, `dt add index ${index}`));
    };
    expect([add(7), add(0)]).toEqual([0, -5]);
  });

  test('is EIO without a subtree from the connector', () => {
    expect(store('dt add index 0x20000012').result).toBe(-5);
  });
});

describe('dt remove', () => {
  test('detaches children first and keeps initial references', () => {
    const { k, result } = store('dt remove index 0x20000010');
    expect(result).toBe(0);
    for (const path of ['/slots/card@1', '/slots/card@1/port']) {
      expect([at(k, path).inSysfs, at(k, path).holders]).toEqual([false, [{ who: 'initial', count: 1 }]]);
    }
  });

  test('of an unknown index does nothing', () => {
    expect(store('dt remove index 0x99').result).toBe(0);
  });

  test('an unreadable index ends the request', () => {
    const k = boot(rootOf(node('n', [{ name: 'ibm,my-drc-index', value: Uint8Array.of(1) }])), {
      drivers: [],
    });
    expect(finish(k, dlparStore(k, 'dt remove index 1'))).toBe(-22);
    expect(texts(k)[0]).toBe('dlpar: dlpar_hp_dt_remove: /n: of_property_read_u32 ibm,my-drc-index: -75');
  });
});
