import { expect, test } from 'vitest';
import { compareVersions, isAtLeast, parseVersion } from '../../src/base/index.ts';

test.each([
  ['6.12', [6, 12, 0]],
  ['v5.10.198', [5, 10, 198]],
  ['6.1.0-50-powerpc64le', [6, 1, 0]],
  ['7.3-rc7', [7, 3, 0]],
  ['6', undefined],
  ['linux 6.12', undefined],
  ['', undefined],
])('%j', (text, expected) => {
  expect(parseVersion(text)).toEqual(expected);
});

test('numbers decide from left to right', () => {
  expect(compareVersions([6, 2, 9], [6, 10, 0])).toBeLessThan(0);
  expect(compareVersions([7, 0, 0], [6, 99, 99])).toBeGreaterThan(0);
  expect(compareVersions([6, 1, 2], [6, 1, 1])).toBeGreaterThan(0);
  expect(compareVersions([6, 1, 2], [6, 1, 2])).toBe(0);
});

test('a version is at least itself', () => {
  expect(isAtLeast([5, 10, 198], [5, 10, 198])).toBe(true);
  expect(isAtLeast([5, 10, 197], [5, 10, 198])).toBe(false);
});
