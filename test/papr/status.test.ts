import { expect, test } from 'vitest';
import { extendedDelay, extendedDelayMs, statusName } from '../../src/papr/index.ts';

test('the name of a status depends on the function', () => {
  expect(statusName('ibm,update-nodes', 1)).toBe('more');
  expect(statusName('ibm,configure-connector', 1)).toBe('next sibling');
  expect(statusName('ibm,configure-connector', -9003)).toBe('connector unusable');
  expect(statusName('ibm,suspend-me', 9000)).toBe('aborted');
  expect(statusName('ibm,suspend-me', 1)).toBeUndefined();
  expect(statusName('nvram-fetch', -3)).toBe('parameter error');
});

test('extended delays are powers of ten, 1 ms to 100 s', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map(extendedDelay)).toEqual([9900, 9901, 9902, 9903, 9904, 9905, 9905]);
  expect(extendedDelayMs(9900)).toBe(1);
  expect(extendedDelayMs(9905)).toBe(100_000);
  expect(extendedDelayMs(9906)).toBeUndefined();
  expect(extendedDelayMs(9899)).toBeUndefined();
});
