import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hostLoad, TimeLimit } from '../../../src/lab/setup/time-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const expired: number[] = [];
const start = (load: () => number = () => 1) => {
  expired.length = 0;
  return new TimeLimit(1000, (elapsed) => expired.push(Math.round(elapsed)), load);
};

test('without load it expires at the limit, once', () => {
  start();
  vi.advanceTimersByTime(999);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual([1000]);
  vi.advanceTimersByTime(10_000);
  expect(expired).toEqual([1000]);
});

test('load extends it, also load that begins after the start', () => {
  let load = 1;
  start(() => load);
  vi.advanceTimersByTime(500);
  load = 3;
  vi.advanceTimersByTime(2499);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual([3000]);
});

test('a restart gives the full limit', () => {
  const limit = start();
  vi.advanceTimersByTime(900);
  limit.restart();
  vi.advanceTimersByTime(999);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual([1000]);
});

test('after cancel it does not expire, and no timer runs', () => {
  const limit = start(() => 2);
  vi.advanceTimersByTime(1500);
  limit.cancel();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(expired).toEqual([]);
});

test('a limit longer than the longest timer is checked when that timer ends, not immediately', () => {
  const load = vi.fn(() => 1);
  const limit = new TimeLimit(2 ** 40, () => {}, load);
  vi.advanceTimersByTime(10_000);
  limit.cancel();
  expect(load).not.toHaveBeenCalled();
});

test('load counts only beyond one process per CPU', () => {
  expect(hostLoad(6, 2)).toBe(3);
  expect(hostLoad(0.5, 2)).toBe(1);
});
