import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { comparisonToText, plain, wrap } from '../../src/report/index.ts';
import { deviceLines } from '../../src/report/text/devices.ts';
import { table } from '../../src/report/text/table.ts';
import { columns, padEnd, padStart } from '../../src/report/text/width.ts';
import { storyUnder } from '../viewer/runs.ts';

const WIDE = '中文';
const COMBINING = 'e\u0301';
const EMOJI = '👩\u200d🔧';
const FLAG = '🇩🇪';

test.each([
  ['ASCII', 'ibm,random-v1', 13],
  ['signs of reports', '… → − × ✗ └── ≠', 15],
  ['CJK', WIDE, 4],
  ['a combining mark', COMBINING, 1],
  ['an emoji of several characters', EMOJI, 2],
  ['a flag', FLAG, 2],
  ['an emoji among signs', '↔\ufe0f', 2],
  ['nothing', '', 0],
])('columns of %s', (_, text, width) => {
  expect(columns(text)).toBe(width);
});

test('columns of any printable text are those of string-width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(columns(text)).toBe(stringWidth(text));
    }),
    { seed: 9, numRuns: 500 },
  );
  for (let code = 0x20; code < 0x3000; code++) {
    const text = String.fromCodePoint(code);
    if (/\P{Control}/u.test(text)) expect(columns(text), `U+${code.toString(16)}`).toBe(stringWidth(text));
  }
});

test('padding counts columns', () => {
  expect([padEnd(WIDE, 6), padStart(WIDE, 6), padEnd(WIDE, 3)]).toEqual([`${WIDE}  `, `  ${WIDE}`, WIDE]);
});

test('the columns of a table are aligned with wide, combining and emoji text', () => {
  const names = [WIDE, COMBINING, EMOJI, FLAG, 'plain'];
  const lines = table(
    ['name', 'x'],
    names.map((name) => [name, '|']),
    plain,
  );
  expect(lines).toHaveLength(6);
  expect(lines.slice(1).map((line) => stringWidth(line.slice(0, line.indexOf('|'))))).toEqual(
    names.map(() => 7),
  );
});

test('devices with wide or escaped names are aligned', () => {
  const ofNode = { state: 'absent' } as const;
  const lines = deviceLines(
    [WIDE, 'a\x1bb', 'plain-name'].map((name) => ({ name, driver: null, ofNode })),
    plain,
  );
  expect(lines.map((line) => stringWidth(line.slice(0, line.indexOf('(no'))))).toEqual([12, 12, 12]);
});

test('a comparison with a wide policy name is aligned', async () => {
  const run = await storyUnder('detach');
  const rows = comparisonToText([run, { ...run, policy: `${WIDE}${WIDE}${WIDE}` }])
    .split('\n')
    .filter((line) => /damaged$/.test(line));
  expect(rows).toHaveLength(2);
  expect(stringWidth(rows[0] ?? '')).toBe(stringWidth(rows[1] ?? ''));
});

test('wrapping counts columns and breaks at spaces only', () => {
  expect(wrap(`${WIDE} ${WIDE} ${WIDE}`, 9)).toEqual([`${WIDE} ${WIDE}`, WIDE]);
  expect(wrap(`${COMBINING} ${COMBINING} ${COMBINING}`, 5)).toEqual([
    `${COMBINING} ${COMBINING} ${COMBINING}`,
  ]);
  expect(wrap('a long-word-of-20-signs b', 10)).toEqual(['a', 'long-word-of-20-signs', 'b']);
  expect(wrap('exactly ten', 11)).toEqual(['exactly ten']);
  expect(wrap('exactly ten', 10)).toEqual(['exactly', 'ten']);
  expect(wrap('', 10)).toEqual([]);
});
