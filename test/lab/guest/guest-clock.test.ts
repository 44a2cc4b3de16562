import { afterEach, expect, test, vi } from 'vitest';
import { GuestClock } from '../../../src/lab/guest/guest-clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the clock of a guest advances by at most a second while the guest is paused', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  expect(new GuestClock(3, Date.now() - 500).now()).toBeCloseTo(3.5, 1);
  const clock = new GuestClock(3, Date.now() - 3_600_000);
  expect(clock.now()).toBeCloseTo(4, 1);
  vi.advanceTimersByTime(250);
  expect(clock.now()).toBeCloseTo(4.25, 1);
});

test('a host clock that was set back does not set the guest clock back', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  expect(new GuestClock(3, Date.now() + 10_000).now()).toBeCloseTo(3, 1);
});
