import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytes,
  cells,
  describeValue,
  flag,
  indexByPhandle,
  node,
  type Property,
  string,
  strings,
  tree,
  valueDescriber,
} from '../../src/devicetree/index.ts';
import { SEED, trees } from '../support/trees.ts';

const compression = node('ibm,compression-v1');
const limits = cells('ibm,max-sync-cop', 1, 65536, 510, 1, 4096, 8);
const drcNames = bytes('ibm,drc-names', [...cells('', 2).value, ...strings('', 'CPU 1', 'CPU 5').value]);
const drcInfo = bytes('ibm,drc-info', [
  ...cells('', 1).value,
  ...strings('', 'CPU', 'CPU ').value,
  ...cells('', 0x10000000, 1, 64, 4, -1).value,
]);

describe('values as text', () => {
  const cases: [string, Property, string, string][] = [
    ['as nothing', flag('64-bit'), 'flag', ''],
    ['as a string', string('status', 'okay'), 'strings', '"okay"'],
    ['as strings', strings('compatible', 'a"b', 'c\\d'), 'strings', '"a\\"b", "c\\\\d"'],
    ['as cells', cells('reg', 0x2010, 0), 'cells', '<0x2010 0x0>'],
    [
      'as cells although it could be text',
      bytes('#size-cells', [0x61, 0x62, 0x63, 0]),
      'cells',
      '<0x61626300>',
    ],
    ['as bytes', bytes('pa-features', [6, 0, 0xf6]), 'bytes', '[06 00 f6]'],
    ['as the byte 0', bytes('zero', [0]), 'bytes', '[00]'],
    ['as cells when its node is not known', limits, 'cells', '<0x1 0x10000 0x1fe 0x1 0x1000 0x8>'],
    [
      'as numbers of connectors',
      cells('ibm,drc-indexes', 2, 0x10000000, 4),
      'drc-numbers',
      '2: <0x10000000 0x4>',
    ],
    ['as cells when the count is wrong', cells('ibm,drc-indexes', 9, 1), 'cells', '<0x9 0x1>'],
    ['as names of connectors', drcNames, 'drc-strings', '2: "CPU 1", "CPU 5"'],
    [
      'as connectors',
      drcInfo,
      'drc-info',
      '64 × CPU from "CPU 1" index 0x10000000 step 4 power domain 0xffffffff',
    ],
  ];
  test.each(cases)('%s', (_, property, kind, text) => {
    expect(describeValue(property)).toEqual({ kind, text });
  });

  test('by the grammar of its facility', () => {
    expect(describeValue(limits, { node: compression }).text).toBe(
      'compress 65536 bytes in 510 elements; decompress 4096 bytes in 8 elements',
    );
    const crypto = node('ibm,sym-encryption-v1');
    expect(describeValue(cells('ibm,max-sync-cop', 0, 6, 1, 128, 9, 2, 1, 2, 0), { node: crypto }).text).toBe(
      'function 0 mode 6: 128 bits 9 bytes in 2 elements; function 1 mode 2: nothing',
    );
    const random = node('ibm,random-v1');
    expect(describeValue(flag('ibm,max-sync-cop'), { node: random })).toEqual({
      kind: 'max-sync-cop',
      text: 'every operation',
    });
  });
});

describe('references are shown by path', () => {
  const cache = node('l2-cache@2010', [cells('ibm,phandle', 0x2010)]);
  const controller = node('xics', [cells('phandle', 1), cells('#interrupt-cells', 2)]);
  const cpu = node('cpu@0', [cells('l2-cache', 0x2010)]);
  const any = tree(node('', [], [node('cpus', [], [cpu, cache]), controller]));
  const phandles = indexByPhandle(any);

  test('alone, with arguments, and dangling', () => {
    expect(describeValue(cells('l2-cache', 0x2010), { phandles })).toEqual({
      kind: 'references',
      text: '<&{/cpus/l2-cache@2010}>',
    });
    expect(describeValue(cells('interrupts-extended', 1, 9, 0), { phandles }).text).toBe(
      '<&{/xics} 0x9 0x0>',
    );
    expect(describeValue(cells('l2-cache', 0x99), { phandles }).text).toBe('<0x99 /* no such node */>');
    expect(describeValue(cells('l2-cache', 0x2010)).text).toBe('<0x2010>');
  });

  test('in a tree, by the number of the node', () => {
    const describeIn = valueDescriber(any);
    expect(describeIn(2, cells('l2-cache', 0x2010)).text).toBe('<&{/cpus/l2-cache@2010}>');
  });
});

test('every property of every tree has a description', () => {
  fc.assert(
    fc.property(trees({ names: 'latin1' }), (any) => {
      const describeIn = valueDescriber(any);
      for (const property of any.root.properties)
        expect(describeIn(0, property).text).toMatch(/^[\x20-\x7e×]*$/);
    }),
    { seed: SEED },
  );
});
