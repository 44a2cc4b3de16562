import { describe, expect, test } from 'vitest';
import { bytes, cells, node, type Property, referencesIn } from '../../src/devicetree/index.ts';

const controller = node('xics', [
  cells('#interrupt-cells', 2),
  cells('#clock-cells', 1),
  cells('#address-cells', 0),
]);
const plain = node('plain');
const nodes = new Map([
  [1, controller],
  [2, plain],
]);
const find = (of: Property, holder = node('holder')) =>
  referencesIn(of, holder, (phandle) => nodes.get(phandle))?.map(({ cell, phandle }) => [cell, phandle]);

describe('positions of references', () => {
  const cases: [string, Property, number[][] | undefined][] = [
    ['alone', cells('interrupt-parent', 1), [[0, 1]]],
    [
      'in a list',
      cells('next-level-cache', 1, 2),
      [
        [0, 1],
        [1, 2],
      ],
    ],
    ['also where they lead nowhere', cells('l2-cache', 99), [[0, 99]]],
    ['in a pool', cells('ibm,shared-interrupt-pool', 1), [[0, 1]]],
    [
      'before their arguments',
      cells('interrupts-extended', 1, 7, 8, 1, 9, 10),
      [
        [0, 1],
        [3, 1],
      ],
    ],
    ['next to gaps', cells('clocks', 0, 1, 5, 0), [[1, 1]]],
    ['behind any supply', cells('vdd-supply', 2), [[0, 2]]],
    [
      'behind any pin state',
      cells('pinctrl-3', 2, 1),
      [
        [0, 2],
        [1, 1],
      ],
    ],
    [
      'without arguments if these are optional',
      cells('msi-parent', 2, 1),
      [
        [0, 2],
        [1, 1],
      ],
    ],
    [
      'up to one that leads nowhere',
      cells('clocks', 1, 5, 99, 1, 5),
      [
        [0, 1],
        [2, 99],
      ],
    ],
    ['up to one without a count', cells('clocks', 2, 1, 5), [[0, 2]]],
    ['up to one whose arguments are cut off', cells('interrupts-extended', 1, 7), [[0, 1]]],
    ['nowhere in an empty value', cells('clocks'), []],
    ['nowhere in odd bytes', bytes('l2-cache', [1, 2, 3]), undefined],
    ['nowhere in a property that is not known', cells('reg', 1), undefined],
    ['nowhere in a count of pins', cells('nr-gpios', 1), undefined],
    ["nowhere in a state's name", cells('pinctrl-names', 1), undefined],
  ];
  test.each(cases)('%s', (_, property, expected) => expect(find(property)).toEqual(expected));
});

test('an argument count past all bounds ends the list', () => {
  nodes.set(3, node('huge', [cells('#clock-cells', 0xffffffff)]));
  expect(find(cells('clocks', 3, 3))).toEqual([[0, 3]]);
});

describe('an interrupt map', () => {
  const bridge = node('pci', [cells('#address-cells', 3), cells('#interrupt-cells', 1)]);
  const entry = (phandle: number) => [0x800, 0, 0, 1, phandle, 0x1000, 1];

  test('one in each entry, by the cells of bridge and controller', () => {
    expect(find(cells('interrupt-map', ...entry(1), ...entry(1)), bridge)).toEqual([
      [4, 1],
      [11, 1],
    ]);
  });

  test("counts the controller's unit address too", () => {
    nodes.set(4, node('pic', [cells('#address-cells', 2), cells('#interrupt-cells', 1)]));
    expect(find(cells('interrupt-map', ...entry(4), 9, ...entry(1)), bridge)).toEqual([
      [4, 4],
      [12, 1],
    ]);
  });

  test('ends at an unknown controller', () => {
    expect(find(cells('interrupt-map', ...entry(99), ...entry(1)), bridge)).toEqual([[4, 99]]);
    expect(find(cells('interrupt-map', ...entry(2), ...entry(1)), bridge)).toEqual([[4, 2]]);
  });

  test("cannot be read without the bridge's own counts", () => {
    expect(find(cells('interrupt-map', ...entry(1)))).toBeUndefined();
  });
});
