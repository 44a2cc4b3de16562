import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import {
  node,
  type Property,
  parseDts,
  printDts,
  readDtb,
  string,
  strings,
  type Tree,
  tree,
  writeDtb,
} from '../../../src/devicetree/index.ts';
import { testWithCaptures } from '../../support/captures.ts';
import { dtc, testWithDtc } from '../../support/dtc.ts';
import { SEED } from '../../support/trees.ts';
import { compile, FROM_SOURCE, hex, ORACLE_COUNT } from './compile.ts';
import { writableTrees } from './writable.ts';

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const property = (name: string, ...value: number[]): Property => ({ name, value: Uint8Array.from(value) });

/** The lines of a property, as a source has them. */
function printed(of: Property): string {
  const text = printDts(tree(node('', [of])));
  return text.slice(text.indexOf('{\n\t') + 3, text.lastIndexOf('\n};'));
}

test('a tree as a source', () => {
  const source = printDts(
    tree(
      node(
        '',
        [strings('compatible', 'ibm,a', 'ibm,b')],
        [
          node(
            'cpus',
            [property('#address-cells', 0, 0, 0, 1)],
            [
              node('cpu@5', [string('device_type', 'cpu'), property('reg', 0, 0, 0, 5), property('flag')]),
              node('empty'),
            ],
          ),
          node('b'),
        ],
      ),
      [{ address: 0x1000n, size: 0xffffffffffffffffn }],
      5,
    ),
  );
  expect(source).toBe(`/dts-v1/;

/memreserve/ 0x1000 0xffffffffffffffff;

/ {
	compatible = "ibm,a", "ibm,b";

	cpus {
		#address-cells = <0x1>;

		cpu@5 {
			device_type = "cpu";
			reg = <0x5>;
			flag;
		};

		empty {
		};
	};

	b {
	};
};
`);
});

describe('a value is written as what it looks like', () => {
  test.each([
    ['a flag', property('a'), 'a;'],
    ['a string', string('a', 'ibm,random'), 'a = "ibm,random";'],
    ['strings', strings('a', 'b', 'c d'), 'a = "b", "c d";'],
    ['quotes and backslashes', string('a', '"\\\t\n'), 'a = "\\"\\\\\\t\\n";'],
    ['cells', property('a', 0, 0, 0, 1, 0xff, 0, 0, 0), 'a = <0x1 0xff000000>;'],
    ['four letters', string('a', 'cpu'), 'a = "cpu";'],
    ['letters that are a number', { ...string('reg', 'cpu') }, 'reg = <0x63707500>;'],
    ['letters that are a count', { ...string('#a-cells', 'cpu') }, '#a-cells = <0x63707500>;'],
    ['bytes', property('a', 0, 1, 0xff), 'a = [00 01 ff];'],
    ['an empty string', property('a', 0), 'a = [00];'],
    ['an empty string among others', strings('a', 'b', '', 'c'), 'a = [62 00 00 63 00];'],
    ['letters without an end', property('a', 0x61, 0x62), 'a = [61 62];'],
    ['letters past ASCII', string('a', '\xe9'), 'a = [e9 00];'],
    [
      'a count and strings',
      { name: 'a', value: latin1('\0\0\0\x02CPU 1\0CPU 22\0') },
      'a = <0x2>, "CPU 1", "CPU 22";',
    ],
    [
      'a wrong count and strings',
      { name: 'a', value: latin1('\0\0\0\x04ab\0c\0xy\0') },
      'a = <0x4 0x61620063 0x787900>;',
    ],
  ])('%s', (_, of, expected) => {
    expect(printed(of)).toBe(expected);
  });
});

test('long values are broken before column 80, and go on one tab further in', () => {
  const cells = printed({ name: 'a', value: new Uint8Array(4 * 40).fill(0x12) });
  const bytes = printed({ name: 'a', value: new Uint8Array(101).fill(0x12) });
  const texts = printed(strings('a', ...Array.from({ length: 30 }, (_, index) => `string ${index}`)));
  for (const text of [cells, bytes, texts]) {
    const lines = text.split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const [index, line] of lines.entries()) {
      if (index > 0) expect(line).toMatch(/^\t\t\S/);
      const width = line.replaceAll('\t', ' '.repeat(8)).length + (index === 0 ? 8 : 0);
      expect(width).toBeLessThanOrEqual(80);
      if (index < lines.length - 1) expect(width).toBeGreaterThan(60);
    }
  }
});

test('deep trees are not mostly tabs', () => {
  let deep = node('x');
  for (let depth = 0; depth < 1000; depth += 1) deep = node('x', [], [deep]);
  const source = printDts(tree(node('', [], [deep])));
  expect(source.length).toBeLessThan(1000 * 60);
  expect(hex(compile(source))).toBe(hex(writeDtb(tree(node('', [], [deep])))));
});

test('a boot CPU that is not derived from the tree is in a comment', () => {
  const cpus = node('', [], [node('cpus', [], [node('cpu@1', [property('reg', 0, 0, 0, 1)])])]);
  expect(printDts(tree(cpus, [], 1))).not.toContain('boot CPU');
  const source = printDts(tree(cpus, [], 12));
  expect(source).toContain('/* boot CPU 0xc (dtc -b 12) */');
  expect(parseDts(source, { bootCpu: 12 }).bootCpu).toBe(12);
});

describe('a tree without a source is rejected', () => {
  const named = (name: string) => node('', [], [node('a', [], [node(name)])]);
  const phandle = (...value: number[]) => node('a', [property('phandle', ...value)]);
  test.each([
    ['a node with a space', named('b c'), '/a/b c'],
    ['a node with a character for properties', named('b#'), '/a/b#'],
    ['a node with two unit addresses', named('b@1@2'), '/a/b@1@2'],
    ['a node past ASCII', named('\xe9'), '/a/\xe9'],
    ['a node without a name', named(''), '/a/'],
    ['a root with a name', node('x'), '/'],
    ['a property with a unit address', node('', [property('a@1')]), '/:a@1'],
    ['a property with a slash', node('', [property('a/b')]), '/:a/b'],
    ['a property without a name', node('', [property('')]), '/:'],
    ['two children of one name', node('', [], [node('a', [], [node('b'), node('b')])]), '/a/b'],
    ['two properties of one name', node('', [], [node('a', [property('b'), property('b')])]), '/a:b'],
    ['a name', node('', [], [node('a@1', [string('name', 'a')])]), '/a@1:name'],
    ['a short phandle', node('', [], [phandle(1)]), '/a:phandle'],
    ['phandle 0', node('', [], [phandle(0, 0, 0, 0)]), '/a:phandle'],
    ['a phandle twice', node('', [], [phandle(0, 0, 0, 1), { ...phandle(0, 0, 0, 1), name: 'b' }]), '/b'],
  ])('%s', (_, root, path) => {
    expect(() => printDts(tree(root))).toThrow(InputError);
    expect(() => printDts(tree(root))).toThrow(expect.objectContaining({ where: { path } }));
  });
});

test('names that repeat their node’s can be left out, others cannot', () => {
  const named = (name: string) => tree(node('', [], [node('a@1', [string('name', name), property('b')])]));
  const source = printDts(named('a'), { leaveOutNames: true });
  expect(parseDts(source).root.children).toEqual([node('a@1', [property('b')])]);
  expect(() => printDts(named('a@1'), { leaveOutNames: true })).toThrow(InputError);
});

/** Without the layout that a blob was read with. */
const plain = ({ root, reservations, bootCpu }: Tree): Tree => ({ root, reservations, bootCpu });

test('1,000 trees: blob, source, blob', () => {
  fc.assert(
    fc.property(writableTrees({ maxNodes: 20 }), (generated) => {
      const blob = writeDtb(generated);
      const read = readDtb(blob);
      expect(hex(compile(printDts(read), { bootCpu: read.bootCpu }))).toBe(hex(blob));
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

testWithDtc(`${ORACLE_COUNT} trees as sources: dtc makes the same blob of them`, () => {
  fc.assert(
    fc.property(writableTrees({ maxNodes: 30 }), (generated) => {
      const source = printDts(generated);
      const theirs = dtc(source, ...FROM_SOURCE, '-b', `${generated.bootCpu}`);
      expect(hex(theirs)).toBe(hex(writeDtb(generated)));
      expect(hex(compile(source, { bootCpu: generated.bootCpu }))).toBe(hex(theirs));
    }),
    { seed: SEED, numRuns: ORACLE_COUNT },
  );
});

testWithDtc('we read what dtc writes as it does itself', () => {
  fc.assert(
    fc.property(writableTrees({ maxNodes: 30 }), ({ root, reservations }) => {
      const blob = writeDtb(tree(root, reservations));
      const source = dtc(blob, '-I', 'dtb', '-O', 'dts');
      // Not always the blob: dtc 1.6.1 writes the strings " " and "5" as " \05", and reads that as one.
      expect(hex(compile(source))).toBe(hex(dtc(source, ...FROM_SOURCE)));
    }),
    { seed: SEED, numRuns: Math.ceil(ORACLE_COUNT / 5) },
  );
});

testWithCaptures('captured trees: blob, source, blob; and dtc makes the same of the source', (folder) => {
  const blobs = readdirSync(folder).filter((name) => name.endsWith('.dtb'));
  expect(blobs.length).toBeGreaterThan(0);
  for (const name of blobs) {
    const read = readDtb(new Uint8Array(readFileSync(join(folder, name))));
    const expected = hex(writeDtb(plain(read)));
    const source = printDts(read);
    const { bootCpu } = read;
    expect(hex(compile(source, { bootCpu })), name).toBe(expected);
    expect(hex(dtc(source, ...FROM_SOURCE, '-b', `${bootCpu}`)), name).toBe(expected);
  }
});
