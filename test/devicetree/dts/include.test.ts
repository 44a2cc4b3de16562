import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { type ParseOptions, parseDts } from '../../../src/devicetree/index.ts';
import { dtc, testWithDtc } from '../../support/dtc.ts';
import { compile, FROM_SOURCE, hex, refusal } from './compile.ts';

const FILES: Readonly<Record<string, string>> = {
  'property.dtsi': 'a = <1>;',
  'value.dtsi': '<1 2>',
  'bytes.dtsi': '12 34',
  'number.dtsi': '1',
  'label.dtsi': 'l:',
  'root.dtsi': '/ { inc; };\n',
  'nested.dtsi': '/include/ "root.dtsi"\n',
  'header.dtsi': '/dts-v1/;',
  'empty.dtsi': '',
  bin: 'abc\x00\xe9fgh',
};

const options: ParseOptions = {
  include: (path) => (path in FILES ? { path, text: FILES[path] ?? '' } : undefined),
  incbin: (path) => (path in FILES ? { path, bytes: Buffer.from(FILES[path] ?? '', 'latin1') } : undefined),
};

const SOURCES: Readonly<Record<string, string>> = {
  'a property': '/dts-v1/; / { /include/ "property.dtsi" b; };',
  'a value': '/dts-v1/; / { a = /include/ "value.dtsi"; };',
  bytes: '/dts-v1/; / { a = [ab /include/ "bytes.dtsi" cd]; };',
  'numbers side by side': '/dts-v1/; / { a = </include/ "number.dtsi"/include/ "number.dtsi">; };',
  'a label': '/dts-v1/; / { /include/ "label.dtsi"a; };',
  'a root': '/dts-v1/; /include/ "root.dtsi"',
  'a file that includes another': '/dts-v1/; /include/\n"nested.dtsi"',
  'the header': '/include/"header.dtsi" / { };',
  nothing: '/dts-v1/; /include/ "empty.dtsi"/ { };/include/ "empty.dtsi"',
  'all of a file': '/dts-v1/; / { a = /incbin/("bin"); };',
  'some of a file': '/dts-v1/; / { a = /incbin/("bin", 2, 3); };',
  'more than a file has': '/dts-v1/; / { a = /incbin/("bin", 2, 30), "b"; };',
  'past the end of a file': '/dts-v1/; / { a = /incbin/("bin", 20, 3); };',
  'none of a file': '/dts-v1/; / { a = /incbin/("bin", 0, 0), /incbin/("empty.dtsi"); };',
  'a file and expressions': '/dts-v1/; / { a = <1>, l: /incbin/ ( "b\\x69n" , (1 + 1) , \'\\x2\' ) m:; };',
  'all of a file, by its length': '/dts-v1/; / { a = /incbin/("bin", 0, (-1)); };',
};

testWithDtc('what is included is as with dtc', () => {
  const folder = mkdtempSync(join(tmpdir(), 'transplant-include-'));
  try {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text, 'latin1');
    for (const [name, source] of Object.entries(SOURCES)) {
      const theirs = dtc(`${source}\n`, ...FROM_SOURCE, '-i', folder);
      expect(hex(compile(source, options)), name).toBe(hex(theirs));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('files are requested with the path of the including file', () => {
  const asked: unknown[] = [];
  const texts: Readonly<Record<string, string>> = {
    'b.dtsi': '/include/ "c.dtsi" b = /incbin/("d");',
    'c.dtsi': 'c = /incbin/("e");',
  };
  parseDts('/dts-v1/; / { a = <1>, /include/ "v" <2>; /include/ "b.dtsi" };', {
    file: 'x/a.dts',
    include(path, from, kind) {
      asked.push([kind, path, from]);
      return {
        path: `x/${path}`,
        text: texts[path] ?? '',
      };
    },
    incbin(path, from) {
      asked.push(['bytes', path, from]);
      return { path, bytes: Uint8Array.of(1) };
    },
  });
  expect(asked).toEqual([
    ['source', 'v', 'x/a.dts'],
    ['source', 'b.dtsi', 'x/a.dts'],
    ['source', 'c.dtsi', 'x/b.dtsi'],
    ['bytes', 'e', 'x/c.dtsi'],
    ['bytes', 'd', 'x/b.dtsi'],
  ]);
});

test('an error in an included file has its name and place', () => {
  const include = () => ({ path: 'b.dtsi', text: 'x;\n\t$' });
  const error = refusal('/dts-v1/;\n/ { /include/ "b.dtsi" };', { file: 'a.dts', include });
  expect(error.where).toMatchObject({ file: 'b.dtsi', line: 2, column: 2 });
  expect(error.excerpt).toBe(' $\n ^');
  const after = refusal('/dts-v1/;\n/ { /include/ "b.dtsi" $ };', {
    file: 'a.dts',
    include: () => ({ path: 'b', text: '' }),
  });
  expect(after.where).toMatchObject({ file: 'a.dts', line: 2, column: 24 });
});

test('bytes are taken as Latin-1 in included files, too', () => {
  const include = () => ({ path: 'b', text: Uint8Array.of(0x22, 0xe9, 0x22) });
  expect(parseDts('/dts-v1/; / { a = /include/ "b"; };', { include }).root.properties[0]?.value).toEqual(
    Uint8Array.of(0xe9, 0),
  );
});

test('a token cannot span files', () => {
  const include = () => ({ path: 'b', text: '"x' });
  expect(refusal('/dts-v1/; / { a = /include/ "b"y"; };', { include }).where.file).toBe('b');
});

test('files that do not exist, or cannot be read, and a missing reader', () => {
  const source = '/dts-v1/; / { a = /incbin/("b"); };';
  const where = { line: 1, column: 19 };
  expect(refusal(source)).toMatchObject({ hint: expect.stringContaining('parseDts'), where });
  expect(refusal(source, options)).toMatchObject({ message: 'there is no file "b"', where });
  const unreadable = () => {
    throw new Error('EACCES');
  };
  expect(refusal(source, { incbin: unreadable })).toMatchObject({
    message: 'cannot read "b": EACCES',
    where,
  });
  const odd = () => {
    throw new InputError('too odd', { file: 'b' });
  };
  expect(refusal(source, { incbin: odd })).toMatchObject({
    message: 'too odd',
    where: { ...where, file: 'b' },
  });
  expect(refusal('/dts-v1/; /include/ "b"').message).toContain('"b"');
});

test('a negative offset in a file is rejected', () => {
  expect(refusal('/dts-v1/; / { a = /incbin/("bin", (-1), 2); };', options).message).toContain('negative');
});

test('a file that includes itself, and files that each include the next twice, end', () => {
  const self = { include: () => ({ path: 'b', text: '/include/ "b"' }) };
  expect(refusal('/dts-v1/; /include/ "b"', self).message).toBe('included files are nested too deep');
  const next = (path: string) => `/include/ "${Number(path) + 1}" `;
  const twice = { include: (path: string) => ({ path, text: path === '150' ? '' : next(path).repeat(2) }) };
  expect(refusal('/dts-v1/; /include/ "0"', twice).message).toBe('too much is included');
  const large = { incbin: (path: string) => ({ path, bytes: new Uint8Array(1 << 26) }) };
  const many = `/dts-v1/; / { ${Array.from({ length: 6 }, (_, index) => `a${index} = /incbin/("b");`).join(' ')} };`;
  expect(refusal(many, large).message).toBe('too much is included');
});

testWithDtc('as many files may be open at a time as with dtc', () => {
  const folder = mkdtempSync(join(tmpdir(), 'transplant-include-'));
  try {
    for (let index = 1; index < 200; index += 1)
      writeFileSync(join(folder, `${index}`), `/include/ "${index + 1}"\n`);
    for (const [last, works] of [
      [199, true],
      [200, false],
    ] as const) {
      writeFileSync(join(folder, `${last}`), '/ { };\n');
      const source = '/dts-v1/; /include/ "1"\n';
      const chain: ParseOptions = {
        include: (path) => ({
          path,
          text: path === `${last}` ? '/ { };' : `/include/ "${Number(path) + 1}"`,
        }),
      };
      const theirs = () => dtc(source, ...FROM_SOURCE, '-i', folder);
      if (works) expect(hex(compile(source, chain))).toBe(hex(theirs()));
      else {
        writeFileSync(join(folder, '199'), '/include/ "200"\n');
        expect(theirs).toThrow('nested too deep');
        expect(refusal(source, chain).message).toContain('nested too deep');
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
