import { expect, test } from 'vitest';
import { parseFiles } from '../../../src/lab/agent/files.ts';

const mark = '0123';
const parse = (count: number, status: string, ...parts: readonly string[]) =>
  parseFiles(
    Buffer.from(`${parts.map((part) => `${part}\n${mark}\n`).join('')}${status}\n`),
    mark,
    count,
  ).map((result) => (result.ok ? Buffer.from(result.value).toString() : result));

const error = "cat: can't open '/x': No such file or directory\n";

test('with status 0 every part is a file, even if it looks like an error', () => {
  expect(parse(3, '0', 'one\n', '', error)).toEqual(['one\n', '', error]);
});

for (const status of ['1', '137']) {
  test(`with status ${status} a part that ends in an error line is an errno`, () => {
    expect(parse(3, status, 'one\n', error, 'half\ncopy: killed\n')).toEqual([
      'one\n',
      { ok: false, errno: 'ENOENT' },
      { ok: false, errno: 'killed' },
    ]);
  });
}

test('dd’s counts of records may follow an error line', () => {
  expect(parse(1, '1', 'dd: /x: Input/output error\n0+0 records in\n0+0 records out\n')).toEqual([
    { ok: false, errno: 'EIO' },
  ]);
});

test('an error line is found behind a long file, with the longest path', () => {
  const path = '/p'.repeat(2048);
  expect(parse(1, '1', `${'x'.repeat(10_000)}\ncat: read error: ${path}: Input/output error\n`)).toEqual([
    { ok: false, errno: 'EIO' },
  ]);
});

test('when the reader was killed, the result after the last part is an error, and there is no other', () => {
  expect(parse(3, '', 'one')).toEqual(['one', { ok: false, errno: 'killed' }]);
  expect(parse(3, '')).toEqual([{ ok: false, errno: 'killed' }]);
});
