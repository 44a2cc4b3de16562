import { expect, test } from 'vitest';
import { MAX_DUPLICATE, parseSysfsName, siblingNames, sysfsName } from '../../src/devicetree/index.ts';

const named = (...names: string[]) => siblingNames(names.map((name) => ({ name })));

test('a duplicate carries its number', () => {
  expect(sysfsName('l2-cache@2011', 0)).toBe('l2-cache@2011');
  expect(sysfsName('l2-cache@2011', 1)).toBe('l2-cache@2011#1');
  expect(parseSysfsName('l2-cache@2011#1')).toEqual({ name: 'l2-cache@2011', duplicate: 1 });
  expect(parseSysfsName('l2-cache@2011#16')).toEqual({ name: 'l2-cache@2011', duplicate: 16 });
});

test('names that merely have a # in them are no duplicates', () => {
  for (const name of ['#address-cells', 'ibm,ppc-interrupt-server#s', 'x#0', 'x#01', '#1', 'x#17', 'x#']) {
    expect(parseSysfsName(name)).toEqual({ name, duplicate: 0 });
  }
});

test('siblings are named in the order in which they come', () => {
  expect(named('l2-cache@2010', 'l2-cache@2011', 'l2-cache@2011', 'l3-cache@3111', 'l2-cache@2011')).toEqual([
    'l2-cache@2010',
    'l2-cache@2011',
    'l2-cache@2011#1',
    'l3-cache@3111',
    'l2-cache@2011#2',
  ]);
});

test('a name that is taken already is passed over', () => {
  expect(named('a#1', 'a', 'a')).toEqual(['a#1', 'a', 'a#2']);
  expect(named('a', 'a', 'a#1')).toEqual(['a', 'a#1', 'a#1#1']);
});

test('any number of siblings gets unique names, in linear time', () => {
  const names = siblingNames(Array.from({ length: 200_000 }, () => ({ name: 'n' })));
  expect(new Set(names).size).toBe(200_000);
  expect(names[MAX_DUPLICATE]).toBe('n#16');
});
