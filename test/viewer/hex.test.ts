import { expect, test } from 'vitest';
import { hexRows } from '../../viewer/model/hex.ts';

const bytes = (hex: string, size: number, ...lengths: readonly number[]) => {
  let offset = 0;
  const ranges = lengths.map((length) => {
    offset += length;
    return { offset: offset - length, length, meaning: 'a', value: '' };
  });
  return hexRows({ title: '', size, hex, ranges });
};
const shown = (rows: ReturnType<typeof bytes>['rows']) =>
  rows.flatMap(({ pieces }) => pieces.flatMap(({ text }) => text.split(' '))).length;

test('a range of zeros is shown up to 64 bytes', () => {
  const { rows, omitted } = bytes('', 4096, 64);
  expect([shown(rows), omitted]).toEqual([64, 4032]);
  const longer = bytes('', 4096, 65);
  expect([shown(longer.rows), longer.omitted]).toEqual([0, 4096]);
});

test('of a longer range the bytes that are not zero are shown', () => {
  const { rows, omitted } = bytes('0102', 4096, 4096);
  expect([shown(rows), omitted]).toEqual([2, 4094]);
  expect(rows[0]?.pieces).toEqual([{ at: 0, range: 0, text: '01 02' }]);
});

test('no row goes past the end', () => {
  const { rows, omitted } = bytes('', 20, 16, 16);
  expect([shown(rows), omitted]).toEqual([20, 0]);
  expect(rows.map(({ offset }) => offset)).toEqual([0, 16]);
});
