import { describe, expect, test } from 'vitest';
import { node } from '../../../src/devicetree/index.ts';
import { findProperty } from '../../../src/kernel/of/device-node.ts';
import { ofdtWrite } from '../../../src/kernel/pseries/ofdt.ts';
import { at, boot, finish, texts } from '../support/booted.ts';
import { cells, rootOf, text } from '../support/facilities.ts';

const booted = () =>
  boot(rootOf(node('a', [cells('ibm,phandle', 10), text('one', '1')], [node('b')])), { drivers: [] });
const write = (k: ReturnType<typeof boot>, command: string) => finish(k, ofdtWrite(k, command));
const bytes = (k: ReturnType<typeof boot>, name: string) => {
  const value = findProperty(at(k, '/a'), name)?.value;
  return value && Buffer.from(value).toString('latin1');
};
const parseFailed = (line: number) => `property parse failed in parse_next_property at line ${line}`;

describe('/proc/powerpc/ofdt', () => {
  test.each(['', 'add_node', 'add_node\0 /x ', 'nonsense x', 'remove_node\n /a/b'])(
    '%j is EINVAL',
    (command) => {
      const k = booted();
      expect([write(k, command), texts(k)]).toEqual([-22, []]);
    },
  );

  describe('add_node', () => {
    test('attaches a node with its properties in reverse', () => {
      const k = booted();
      expect(write(k, 'add_node /a/new@1 name 4 new\0 ibm,phandle 4 \0\0\0\x55 empty 0 \0')).toBe(0);
      const np = at(k, '/a/new@1');
      const names: string[] = [];
      for (let property = np.properties; property; property = property.next) names.push(property.name);
      expect([names, np.phandle, np.name, np.count]).toEqual([
        ['empty', 'ibm,phandle', 'name'],
        0x55,
        'new',
        2,
      ]);
      expect(at(k, '/a').count).toBe(4);
    });

    test('requires a space after the path, even without properties', () => {
      const k = booted();
      expect([write(k, 'add_node /a/new'), write(k, 'add_node /a/new ')]).toEqual([-22, 0]);
    });

    test('rejects an existing node and the root', () => {
      const k = booted();
      expect([write(k, 'add_node /a/b '), write(k, 'add_node / ')]).toEqual([-22, -22]);
    });

    test('without a parent it dereferences an error pointer', () => {
      const k = booted();
      expect(write(k, 'add_node /none/new ')).toBe('killed');
      expect(texts(k)[0]).toBe('BUG: Unable to handle kernel data access on read at 0xffffffffffffffea');
      expect(write(k, 'add_node /a/new ')).toBe(0);
    });
  });

  describe('items', () => {
    test.each([
      ['x', 124],
      ['x ', 131],
      ['x 1', 145],
      ['x y', 145],
      ['x 1 ', 145],
      ['x 5 abc', 154],
      ['x 1 abc', 159],
      ['x 4294967295 a', 140],
    ])('%j fails at line %i', (item, line) => {
      const k = booted();
      expect([write(k, `add_node /n ${item}`), texts(k)]).toEqual([-22, [parseFailed(line)]]);
    });

    test('a length that is negative as an int is ENOMEM', () => {
      // Twelve bytes before the value is the space after the name, which is taken for the separator.
      expect(write(booted(), 'add_property 10 x 4294967284 a')).toBe(-12);
      expect(write(booted(), 'add_property 10 x 4294967294 a')).toBe(-22);
    });

    test('a value can contain any byte', () => {
      const k = booted();
      expect(write(k, 'add_property 10 x 5 a \0\xffb')).toBe(0);
      expect(bytes(k, 'x')).toBe('a \0\xffb');
    });
  });

  describe('remove_node', () => {
    test('detaches a leaf and never puts its initial reference', () => {
      const k = booted();
      expect(write(k, 'remove_node /a/b')).toBe(0);
      expect(at(k, '/a/b').holders).toEqual([{ who: 'initial', count: 1 }]);
    });

    test.each([
      ['/a', -16],
      ['/', -22],
      ['/none', -19],
      ['/a/b\n', -19],
    ])('%j returns %i', (path, error) => {
      expect(write(booted(), `remove_node ${path}`)).toBe(error);
    });
  });

  describe('properties', () => {
    test('add, update and remove change the property and leak one reference each', () => {
      const k = booted();
      const before = at(k, '/a').count;
      expect(write(k, 'add_property 0xa x 1 1')).toBe(0);
      expect(write(k, 'add_property 10 x 1 2')).toBe(0);
      expect(bytes(k, 'x')).toBe('1');
      expect(write(k, 'update_property 012 x 1 3')).toBe(0);
      expect(bytes(k, 'x')).toBe('3');
      expect(write(k, 'remove_property 10 x ignored')).toBe(0);
      expect(bytes(k, 'x')).toBeUndefined();
      expect(write(k, 'remove_property 10 x')).toBe(-19);
      expect(at(k, '/a').count).toBe(before + 5);
      expect(at(k, '/a').holders.filter(({ who }) => who.startsWith('ofdt'))).toEqual([
        { who: 'ofdt add_property', count: 2 },
        { who: 'ofdt update_property', count: 1 },
        { who: 'ofdt remove_property', count: 2 },
      ]);
    });

    test.each([
      ['add_property 11 x 1 1', -19],
      ['update_property 11 x 1 1', -19],
      ['remove_property 11 x', -19],
      ['add_property 10', -19],
      ['remove_property 10 ', -22],
      ['update_property 10  1 1', -19],
      ['update_property 10 x 1', -22],
    ])('%j returns %i', (command, error) => {
      expect(write(booted(), command)).toBe(error);
    });

    test('an update can read past its end by the length of the phandle', () => {
      const k = booted();
      expect(write(k, 'update_property 10 x 3 ab')).toBe(0);
      expect(bytes(k, 'x')).toBe('ab\0');
      expect(write(k, 'add_property 10 y 3 ab')).toBe(-22);
    });
  });
});
