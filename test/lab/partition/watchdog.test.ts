import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GuestLost, ProgressWatchdog } from '../../../src/lab/partition/watchdog.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const idleHost = () => 1;

/** Starts work that never ends. @returns what the watchdog has thrown so far */
function watch(watchdog: ProgressWatchdog): () => unknown {
  let thrown: unknown;
  watchdog
    .during(() => new Promise<never>(() => {}))
    .catch((error) => {
      thrown = error;
    });
  return () => thrown;
}

test('each progress report restarts the limit; without one the guest is lost', async () => {
  const watchdog = new ProgressWatchdog(1000, idleHost);
  const thrown = watch(watchdog);
  for (let times = 0; times < 5; times++) {
    await vi.advanceTimersByTimeAsync(900);
    watchdog.progress();
  }
  await vi.advanceTimersByTimeAsync(999);
  expect(thrown()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(thrown()).toBeInstanceOf(GuestLost);
  expect(thrown()).toMatchObject({ errno: 'ETIMEDOUT', message: expect.stringContaining('1 s') });
});

test('once the guest is lost, later work is not started', async () => {
  const watchdog = new ProgressWatchdog(1000, idleHost);
  watch(watchdog);
  await vi.advanceTimersByTimeAsync(1000);
  const work = vi.fn(async () => 1);
  await expect(watchdog.during(work)).rejects.toThrow(GuestLost);
  expect(work).not.toHaveBeenCalled();
});

test('a failure ends work immediately, and the first failure is the one reported', async () => {
  const watchdog = new ProgressWatchdog(1000, idleHost);
  const thrown = watch(watchdog);
  watchdog.fail(new GuestLost('EHOSTDOWN', 'panic'));
  watchdog.fail(new GuestLost('EHOSTDOWN', 'QEMU ended'));
  await vi.advanceTimersByTimeAsync(0);
  expect(thrown()).toMatchObject({ errno: 'EHOSTDOWN', message: 'panic' });
  await expect(watchdog.during(async () => 1)).rejects.toThrow('panic');
});

test('work that is expected to run without calls gets that time in addition', async () => {
  const watchdog = new ProgressWatchdog(1000, idleHost);
  const done = watchdog.during(() => new Promise((resolve) => setTimeout(() => resolve('done'), 5999)), 5000);
  await vi.advanceTimersByTimeAsync(5999);
  expect(await done).toBe('done');
  const late = watchdog.during(() => new Promise((resolve) => setTimeout(resolve, 6001)), 5000);
  const lost = expect(late).rejects.toThrow('6 s');
  await vi.advanceTimersByTimeAsync(6000);
  await lost;
});

test('between requests no timer runs', async () => {
  const watchdog = new ProgressWatchdog(1000, idleHost);
  expect(await watchdog.during(async () => 1)).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await watchdog.during(async () => 2)).toBe(2);
});

test('a request that starts while another runs restarts the limit', async () => {
  const watchdog = new ProgressWatchdog(1000, idleHost);
  const thrown = watch(watchdog);
  await vi.advanceTimersByTimeAsync(500);
  watch(watchdog);
  await vi.advanceTimersByTimeAsync(999);
  expect(thrown()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(thrown()).toBeInstanceOf(GuestLost);
});

test('while one of two requests runs, the limit applies', async () => {
  const watchdog = new ProgressWatchdog(1000, idleHost);
  const thrown = watch(watchdog);
  expect(await watchdog.during(async () => 1)).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(thrown()).toBeInstanceOf(GuestLost);
});
