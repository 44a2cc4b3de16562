import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/field/archive/limits.ts';
import { member, readHeader } from '../../src/field/archive/member.ts';
import { header } from './tar.ts';

/** Changes bytes of a header and makes its checksum right again. */
function changed(block: Buffer, change: (block: Buffer) => void): Buffer {
  change(block);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

const withPrefix = (magic: string, prefix: string) =>
  changed(header({ path: 'name' }), (block) => {
    block.fill(0, 257, 265);
    block.write(magic, 257, 'latin1');
    block.write(prefix, 345, 'latin1');
  });

describe('the header of a member', () => {
  test('POSIX keeps the start of a long path in the prefix', () => {
    expect(readHeader(withPrefix('ustar\u000000', 'some/folder'))?.rawPath).toBe('some/folder/name');
    expect(readHeader(withPrefix('ustar\u000000', ''))?.rawPath).toBe('name');
  });

  test('GNU tar keeps times in the place of the prefix', () => {
    expect(readHeader(withPrefix('ustar  \0', '14571234567\u000014571234567'))?.rawPath).toBe('name');
  });

  test('a header without magic has no prefix', () => {
    expect(readHeader(withPrefix('', 'noise'))?.rawPath).toBe('name');
  });

  test('a wrong checksum is not a header', () => {
    for (const at of [0, 147, 156, 511]) {
      const block = header({ path: 'name' });
      block[at] = (block[at] ?? 0) ^ 1;
      expect(readHeader(block), `byte ${at}`).toBeUndefined();
    }
  });

  test('a size is octal, or binary where octal is too short', () => {
    expect(readHeader(header({ path: 'a', size: 0o17 }))?.size).toBe(15);
    expect(readHeader(header({ path: 'a', size: 2 ** 33 + 5 }))?.size).toBe(2 ** 33 + 5);
    const blank = changed(header({ path: 'a' }), (block) => block.fill(' ', 124, 136));
    expect(readHeader(blank)?.size).toBe(0);
    const wrong = changed(header({ path: 'a' }), (block) => block.write('0000009', 124, 'latin1'));
    expect(readHeader(wrong)?.size).toBeNaN();
  });

  test('a name and a target may fill their fields', () => {
    const path = 'n'.repeat(100);
    const target = 't'.repeat(100);
    expect(readHeader(header({ path, target }))).toMatchObject({ rawPath: path, rawTarget: target });
  });
});

describe('a member', () => {
  const of = (rawPath: string, flag = '0', limits = defaultLimits) =>
    member({ rawPath, flag, size: 0, rawTarget: '' }, limits, 'x.tar');

  test.each([
    ['\0', 'file'],
    ['0', 'file'],
    ['7', 'file'],
    ['1', 'hard link'],
    ['2', 'link'],
    ['3', 'device'],
    ['4', 'device'],
    ['5', 'folder'],
    ['6', 'fifo'],
    ['S', 'unknown kind'],
  ])('flag %j is a %s', (flag, kind) => {
    expect(of('a', flag).kind).toBe(kind);
  });

  test('old archives mark a folder by a slash at the end of its name', () => {
    expect(of('a/')).toMatchObject({ path: 'a', kind: 'folder' });
    expect(of('a/', '2').kind).toBe('link');
  });

  test('paths are normalised', () => {
    expect(of('./a//b/./c').path).toBe('a/b/c');
    expect(of('..a/b..').path).toBe('..a/b..');
  });

  test('limits hold at their bounds', () => {
    const limits = { ...defaultLimits, depth: 3, pathBytes: 10 };
    expect(of('a/b/c', '0', limits).path).toBe('a/b/c');
    expect(() => of('a/b/c/d', '0', limits)).toThrow('a path of more than 3 names');
    expect(of('0123456789', '0', limits).path).toBe('0123456789');
    expect(() => of('0123456789a', '0', limits)).toThrow('a name of more than 10 bytes');
    expect(() =>
      member({ rawPath: 'a', flag: '2', size: 0, rawTarget: 't'.repeat(11) }, limits, 'x'),
    ).toThrow('a name of more than 10 bytes');
  });

  test('a path that leaves the folder is cut in the message', () => {
    expect(() => of(`/${'x'.repeat(300)}`)).toThrow(`"/${'x'.repeat(199)}…"`);
  });
});
