import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { consoleLog } from '../../src/lab/console-log.ts';
import { driverStates } from '../../src/lab/driver-states.ts';
import { GuestClock } from '../../src/lab/guest-clock.ts';
import { GuestLost, Patience } from '../../src/lab/patience.ts';
import { choosePolicy } from '../../src/lab/policy.ts';
import { Relay } from '../../src/lab/relay.ts';
import { withoutWaits } from '../../src/lab/waits.ts';
import { hcallStatus, hcalls, vasiState } from '../../src/papr/index.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('kernels since 5.16 ignore, those before obey; detach is had of the former by the disguise', () => {
  expect(choosePolicy('6.12.107+deb13-powerpc64le')).toEqual({ name: 'ignore', disguised: false });
  expect(choosePolicy('6.1.0-50-powerpc64le', 'detach')).toEqual({
    name: 'detach (disguised)',
    disguised: true,
  });
  expect(choosePolicy('5.15.0', 'detach')).toEqual({ name: 'detach', disguised: false });
  expect(choosePolicy('5.16.0')).toEqual({ name: 'ignore', disguised: false });
  expect(() => choosePolicy('5.10.0', 'ignore')).toThrow('obeys deletes');
});

test('limits of nx-842 are what it said last; a driver that says nothing has none', () => {
  const say = (name: string, now: number, before: number) => ({
    seconds: 1,
    text: `nx_compress_pseries ibm,compression-v1: nx842_OF_upd: ${name} new:${now} old:${before}`,
  });
  const device = (name: string, driver: string | null) => ({
    name,
    driver,
    ofNode: { state: 'absent' } as const,
  });
  const log = [say('max_sg_len', 4080, 0), say('max_sync_sg', 510, 0), say('max_sg_len', 2048, 4080)];
  const devices = [
    device('ibm,compression-v1', 'nx_compress_pseries'),
    device('ibm,random-v1', 'pseries_rng'),
    device('ibm,sym-encryption-v1', null),
  ];
  expect(driverStates(log, devices)).toEqual([
    {
      driver: 'nx-compress-pseries',
      device: 'ibm,compression-v1',
      values: { max_sg_len: 2048, max_sync_sg: 510 },
    },
    { driver: 'pseries-rng', device: 'ibm,random-v1', values: {} },
  ]);
});

test('the kernel’s lines are found among other output of a console', () => {
  const text =
    '~ # [6n\r\n[    0.278433] EEH: pSeries platform initialized\r\nBusyBox v1.37\r\n[   11.5] Oops\r\n';
  expect(consoleLog(text)).toEqual([
    { seconds: 0.278433, text: 'EEH: pSeries platform initialized' },
    { seconds: 11.5, text: 'Oops' },
  ]);
});

test('the clock of a guest goes on by at most a second while it stands still', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  expect(new GuestClock(3, Date.now() - 500).now()).toBeCloseTo(3.5, 1);
  const clock = new GuestClock(3, Date.now() - 3_600_000);
  expect(clock.now()).toBeCloseTo(4, 1);
  vi.advanceTimersByTime(250);
  expect(clock.now()).toBeCloseTo(4.25, 1);
});

test('a guest that makes progress is waited for, one that does not is lost', async () => {
  vi.useFakeTimers();
  const patience = new Patience(1000);
  const waiting = patience.during(() => new Promise<never>(() => {}));
  const lost = expect(waiting).rejects.toMatchObject({
    errno: 'ETIMEDOUT',
    message: expect.stringContaining('1 s'),
  });
  for (let times = 0; times < 5; times++) {
    await vi.advanceTimersByTimeAsync(900);
    patience.progress();
  }
  await vi.advanceTimersByTimeAsync(1000);
  await lost;
  await expect(patience.during(async () => 1)).rejects.toThrow(GuestLost);
});

test('work that may go on without a call is given its time', async () => {
  vi.useFakeTimers();
  const patience = new Patience(1000);
  const done = patience.during(() => new Promise((resolve) => setTimeout(() => resolve('done'), 4000)), 5000);
  await vi.advanceTimersByTimeAsync(4000);
  expect(await done).toBe('done');
});

test('nobody waits between requests', async () => {
  vi.useFakeTimers();
  const patience = new Patience(1000);
  expect(await patience.during(async () => 1)).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await patience.during(async () => 2)).toBe(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('where the kernel would wait for memory, the firmware is asked again at once', () => {
  const states = [vasiState.enabled, vasiState.enabled, vasiState.suspending];
  const asked: bigint[][] = [];
  const { hcall } = withoutWaits({
    hcall(_opcode, args) {
      asked.push([...args]);
      return { status: hcallStatus.H_SUCCESS, values: [BigInt(states.shift() ?? 0)] };
    },
  });
  expect(hcall(hcalls.H_VASI_STATE, [7n])?.values).toEqual([BigInt(vasiState.suspending)]);
  expect(asked).toEqual([[7n], [7n], [7n]]);
});

test('a firmware that never gets on, refuses or does not know the call is asked no longer than makes sense', () => {
  let asked = 0;
  const answering = (result: ReturnType<ReturnType<typeof withoutWaits>['hcall']>) =>
    withoutWaits({
      hcall() {
        asked++;
        return result;
      },
    }).hcall(hcalls.H_VASI_STATE, [7n]);
  const stuck = { status: hcallStatus.H_SUCCESS, values: [BigInt(vasiState.resumed)] };
  expect(answering(stuck)).toEqual(stuck);
  expect(asked).toBeLessThan(1000);
  asked = 0;
  expect(answering({ status: hcallStatus.H_PARAMETER, values: [] })?.status).toBe(hcallStatus.H_PARAMETER);
  expect(answering(undefined)).toBeUndefined();
  expect(asked).toBe(2);
});

test('a console stays one stream while the guest moves', async () => {
  const relay = new Relay();
  const heard: string[] = [];
  relay.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
  const [one, other] = [new PassThrough(), new PassThrough()];
  // A PassThrough says back what is written to it, as an echo.
  relay.attach(one);
  relay.write('first');
  relay.attach(other);
  one.write('lost');
  relay.write('second');
  await vi.waitFor(() => expect(heard).toEqual(['first', 'second']));
});
