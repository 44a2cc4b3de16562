import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { untar } from '../../../src/lab/agent/untar.ts';
import { testWith } from '../setup/needs.ts';
import { scratch } from '../setup/scratch.ts';

const BLOCK = 512;

interface Fields {
  readonly name?: string;
  readonly size?: string;
  readonly type?: string;
  readonly target?: string;
  readonly prefix?: string;
}

/** A header block; absent fields are empty. */
function header({ name = '', size = '0', type = '0', target = '', prefix = '' }: Fields): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, 'latin1');
  block.write(size, 124, 12, 'latin1');
  block.write(type, 156, 1, 'latin1');
  block.write(target, 157, 100, 'latin1');
  block.write(prefix, 345, 155, 'latin1');
  return block;
}

/** A header and its data, padded to whole blocks. */
function member(fields: Fields, text = ''): Buffer {
  const data = Buffer.from(text, 'latin1');
  const padding = Buffer.alloc(-data.length & (BLOCK - 1));
  return Buffer.concat([header({ size: data.length.toString(8), ...fields }), data, padding]);
}

const endMark = Buffer.alloc(2 * BLOCK);
const archive = (...members: readonly Buffer[]) => Buffer.concat([...members, endMark]);

test('a file, a folder and a link', () => {
  const bytes = archive(
    member({ name: './a/', type: '5' }),
    member({ name: './a/file', target: 'not a link' }, 'data'),
    member({ name: '/link', type: '2', target: '../target' }),
    member({ name: '.', type: '5' }),
  );
  const { entries, end } = untar(Buffer.concat([bytes, Buffer.from('more')]));
  expect(entries.map(({ data, ...rest }) => ({ ...rest, data: Buffer.from(data).toString() }))).toEqual([
    { path: 'a', kind: 'folder', target: '', data: '' },
    { path: 'a/file', kind: 'file', target: '', data: 'data' },
    { path: 'link', kind: 'link', target: '../target', data: '' },
    { path: '', kind: 'folder', target: '', data: '' },
  ]);
  expect(end).toBe(bytes.length);
});

test('a long name and a long target belong to the member that follows, and to no other', () => {
  const long = 'n'.repeat(150);
  const { entries } = untar(
    archive(
      member({ type: 'L' }, `${long}\0`),
      member({ type: 'K' }, `../${long}\0`),
      member({ name: 'cut', type: '2', target: 'cut' }),
      member({ name: 'next', type: '2', target: 'short' }),
      member({ type: 'K' }, `${long}\0`),
      member({ name: 'file' }),
      member({ name: 'last', type: '2', target: 'short' }),
    ),
  );
  expect(entries.map(({ path, target }) => [path, target])).toEqual([
    [long, `../${long}`],
    ['next', 'short'],
    ['file', ''],
    ['last', 'short'],
  ]);
});

test('prefix and name are joined', () => {
  expect(untar(archive(member({ name: 'b', prefix: 'a' }))).entries[0]?.path).toBe('a/b');
});

testWith(['busybox'], 'a link as busybox writes it, with a target longer than the field', () => {
  const folder = scratch();
  const target = `../../../${'devices/'.repeat(20)}30000000`;
  mkdirSync(join(folder, 'd'));
  writeFileSync(join(folder, 'd', 'file'), 'text');
  symlinkSync(target, join(folder, 'd', 'link'));
  const bytes = execFileSync('busybox', ['tar', '-c', '-f', '-', 'd'], { cwd: folder });
  expect(untar(bytes).entries.find(({ kind }) => kind === 'link')).toMatchObject({ path: 'd/link', target });
});

for (const [what, size] of [
  ['negative', '-1000'],
  ['negative, of one block', '-512'],
  ['no number', 'size'],
  ['a number with a tail', '12x'],
  ['hexadecimal', '0x10'],
  ['decimal', '9'],
  ['larger than the archive', '77777777777'],
  ['binary (GNU)', '\x80\0\0\0\0\0\0\0\0\0\0\x01'],
] as const) {
  test(`a size that is ${what} ends the archive there`, () => {
    const { entries, end } = untar(archive(member({ name: 'whole' }, 'data'), header({ name: 'bad', size })));
    expect(entries.map(({ path }) => path)).toEqual(['whole']);
    expect(end).toBeUndefined();
  });
}

test('a size may have blanks around it', () => {
  const { entries } = untar(archive(member({ name: 'one', size: ' 4 ' }, 'data'), member({ name: 'two' })));
  expect(entries.map(({ path, data }) => [path, data.length])).toEqual([
    ['one', 4],
    ['two', 0],
  ]);
});

test('a truncated archive has no end, and its complete members', () => {
  const whole = archive(member({ name: 'one' }, 'data'), member({ name: 'two' }, 'data'));
  for (const length of Array.from(whole.keys()).filter((at) => at % 100 === 0 || at % BLOCK === 0)) {
    const { entries, end } = untar(whole.subarray(0, length));
    expect(end).toBe(length >= whole.length - BLOCK ? length : undefined);
    // A member is whole with the last byte of its data; the padding may be missing.
    const ends = [BLOCK + 4, 3 * BLOCK + 4];
    expect(entries.length).toBe(ends.filter((offset) => offset <= length).length);
  }
});

test('reading ends for any bytes', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789- \0x'), maxLength: 12 });
  const members = fc.array(
    fc.record({
      name: fc.string({ maxLength: 9 }),
      size: digits,
      type: fc.constantFrom('0', '5', 'L', 'K', '2'),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(members, fc.uint8Array({ maxLength: 2000 }), (headers, tail) => {
      const bytes = Buffer.concat([...headers.map((fields) => header(fields)), tail]);
      const { entries } = untar(bytes);
      expect(entries.length).toBeLessThanOrEqual(bytes.length / BLOCK);
    }),
    { seed: 1 },
  );
});
