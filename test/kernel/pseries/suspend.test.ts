import { describe, expect, test } from 'vitest';
import { type BootOptions, bootKernel } from '../../../src/kernel/index.ts';
import { hcalls } from '../../../src/papr/index.ts';
import { texts } from '../support/booted.ts';
import { rootOf } from '../support/facilities.ts';
import { type Script, scripted } from '../support/scripted.ts';

function migrate(script: Script, options: Partial<BootOptions> = {}) {
  const firmware = scripted(script);
  const partition = bootKernel({ tree: rootOf(), release: '6.12', firmware, drivers: [], ...options });
  const { written } = partition.migrateSync(0x1234n, []);
  const { log } = partition.observeSync();
  return {
    written,
    log: texts({ log }),
    seconds: log.at(-1)?.seconds ?? 0,
    called: firmware.called,
    partition,
  };
}

const quiet = { config: { vas: false, watchdog: false } };
const done = ['mobility: waiting for memory transfer to complete...', 'mobility: memory transfer completed.'];

describe('the stream', () => {
  test('is polled until it suspends, and until it completes', () => {
    const { written, log, seconds } = migrate({ vasi: [1, 1, 3, 5, 5, 6] }, quiet);
    expect(written).toEqual({ ok: true, value: 7 });
    expect(log).toEqual([
      'mobility: calling ibm,suspend-me on CPU 0',
      'mobility: CPU 0 waking all threads',
      'mobility: device tree update failed: -3',
      ...done,
    ]);
    expect(seconds).toBeGreaterThan(13);
  });

  test('that no longer exists has completed at the end, and is EINVAL at the start', () => {
    const gone = { status: -4, values: [] };
    expect(migrate({ vasi: [3, gone] }, quiet).log.slice(-2)).toEqual(done);
    const { written, log } = migrate({ vasi: [gone] }, quiet);
    expect([written, log]).toEqual([{ ok: false, errno: 'EINVAL' }, []]);
  });

  test('in any other state is an error', () => {
    expect(migrate({ vasi: [2] }, quiet)).toMatchObject({
      written: { ok: false, errno: 'EIO' },
      log: ['mobility: unexpected H_VASI_STATE result 2'],
    });
    expect(migrate({ vasi: [3, 2] }, quiet).log.at(-1)).toBe('mobility: unexpected H_VASI_STATE result 2');
    const refused = { status: -1, values: [] };
    expect(migrate({ vasi: [3, refused] }, quiet).log.slice(-2)).toEqual([
      'mobility: unexpected H_VASI_STATE result -1',
      'mobility: H_VASI_STATE return error (-5)',
    ]);
  });

  test('that firmware does not implement does not prevent the migration', () => {
    const { written, log } = migrate({ vasi: null }, quiet);
    expect(written.ok).toBe(true);
    expect(log.at(-1)).toBe('mobility: H_VASI_STATE return error (-95)');
  });

  test('that never changes ends with a hung task', () => {
    expect(migrate({ vasi: [1] }, quiet).written).toEqual({ ok: false, errno: 'hung' });
  });

  test('windows and watchdog are changed before and after', () => {
    const { log } = migrate({}, { config: { copypaste: true } });
    expect(log.filter((line) => /vas|watchdog/.test(line))).toEqual([
      'vas: VAS migration event 0',
      'vas: state(0): Get VAS capabilities failed with -2',
      'vas: state(0): Get VAS capabilities failed with -2',
      'vas: VAS migration event (0) successful',
      'watchdog: Set the NMI watchdog timeout factor to 200%',
      'watchdog: Set the NMI watchdog timeout factor to 0%',
      'vas: VAS migration event 1',
      'vas: state(1): Get VAS capabilities failed with -2',
    ]);
  });
});

describe('suspending', () => {
  const attempt = (number: number, status: number, error: number) => [
    'mobility: calling ibm,suspend-me on CPU 0',
    `mobility: ibm,suspend-me error: ${status}`,
    'mobility: CPU 0 waking all threads',
    `mobility: Partition suspend attempt ${number} of 5 error: ${error}`,
  ];
  const retry = (ms: number) => `mobility: Will retry partition suspend after ${ms} ms`;

  test('five failed attempts are EIO', () => {
    const { written, log } = migrate({ vasi: null, without: ['ibm,suspend-me'] }, quiet);
    expect(written).toEqual({ ok: false, errno: 'EIO' });
    expect(log).toEqual([
      ...[1, 10, 100, 1000].flatMap((ms, index) => [...attempt(index + 1, -1, -5), retry(ms)]),
      ...attempt(5, -1, -5),
      'mobility: H_VASI_SIGNAL error: -2',
    ]);
  });

  test.each([
    [9000, -125, 'ECANCELED'],
    [-9004, -16, 'EBUSY'],
    [-9005, -11, 'EAGAIN'],
    [-9006, -16, 'EBUSY'],
  ])('status %i is error %i', (status, error, errno) => {
    const { written, log } = migrate({ vasi: [3, 1], suspend: [status] }, quiet);
    expect(written).toEqual({ ok: false, errno });
    expect(log.slice(0, 5)).toEqual([
      ...attempt(1, status, error),
      'mobility: VASI state 1 after failed suspend',
    ]);
  });

  test('a second attempt can succeed', () => {
    const { written, log } = migrate({ vasi: [3, 3, 6], suspend: [-9005, 0] }, quiet);
    expect(written.ok).toBe(true);
    expect(log.slice(4, 7)).toEqual([
      retry(1),
      'mobility: calling ibm,suspend-me on CPU 0',
      'mobility: CPU 0 waking all threads',
    ]);
  });

  test('the cancellation passes initiator and cause to the hypervisor', () => {
    const signals: (readonly bigint[])[] = [];
    migrate(
      {
        vasi: [3, 1],
        suspend: [9000],
        hcall: (opcode, args) => {
          if (opcode === hcalls.H_VASI_SIGNAL) signals.push(args);
          return { status: 0, values: [] };
        },
      },
      quiet,
    );
    expect(signals).toEqual([[0x1234n, 1n, 0x0600_007dn]]);
  });

  test('the last of several CPUs to join suspends and prods the others', () => {
    const prodded: bigint[] = [];
    const hcall: Script['hcall'] = (opcode, args) => {
      if (opcode !== hcalls.H_PROD) return undefined;
      prodded.push(args[0] ?? -1n);
      return { status: args[0] === 0n ? -4 : 0, values: [] };
    };
    const { log } = migrate({ hcall }, { ...quiet, cpus: 3 });
    expect(log.slice(0, 3)).toEqual([
      'mobility: calling ibm,suspend-me on CPU 2',
      'mobility: CPU 2 waking all threads',
      'mobility: H_PROD of CPU 0 (hwid 0) error: -4',
    ]);
    expect(prodded).toEqual([0n, 1n]);
    const { log: other } = migrate({}, { ...quiet, cpus: 3, chooser: { choose: (count) => count - 1 } });
    expect(other[0]).toBe('mobility: calling ibm,suspend-me on CPU 0');
  });

  test('a failed H_JOIN is logged by each CPU', () => {
    const hcall: Script['hcall'] = (opcode) =>
      opcode === hcalls.H_JOIN ? { status: -5, values: [] } : undefined;
    const { log, written } = migrate({ hcall, vasi: [3, 1] }, { ...quiet, cpus: 2 });
    expect(written).toEqual({ ok: false, errno: 'EIO' });
    expect(log.slice(0, 3)).toEqual([
      'mobility: H_JOIN error -5 on CPU 1',
      'mobility: CPU 1 waking all threads',
      'mobility: H_JOIN error -5 on CPU 0',
    ]);
  });
});

describe('v5.10', () => {
  const old = { release: '5.10' } as const;

  test('returns raw statuses, which count as errors or as bytes written', () => {
    expect(migrate({ vasi: [{ status: -4, values: [] }] }, old)).toMatchObject({
      written: { ok: false, errno: 'EINTR' },
      log: ['rtas_ibm_suspend_me: vasi_state returned -4'],
    });
    expect(migrate({ vasi: [3], suspend: [9000] }, old)).toMatchObject({
      written: { ok: true, value: 9000 },
      log: ['calling ibm,suspend-me on cpu 0', 'ibm,suspend-me returned 9000', 'Error doing global join'],
    });
    expect(migrate({ vasi: [3], suspend: [-9004] }, old).written).toEqual({ ok: true, value: -9004 });
  });

  test('retries while the stream is only enabled, and while other threads are active', () => {
    const { log, seconds } = migrate({ vasi: [1, 3], suspend: [-9005, -9005, 0] }, old);
    expect(log).toEqual(['calling ibm,suspend-me on cpu 0', 'Post-mobility device tree update failed: -3']);
    expect(seconds).toBeGreaterThan(11);
  });

  test('needs ibm,suspend-me and a stream that suspends', () => {
    expect(migrate({ without: ['ibm,suspend-me'] }, old).written).toEqual({ ok: false, errno: 'ENOSYS' });
    expect(migrate({ vasi: [6] }, old)).toMatchObject({
      written: { ok: false, errno: 'EIO' },
      log: ['rtas_ibm_suspend_me: vasi_state returned state 6'],
    });
  });
});

describe('after the suspend', () => {
  test.each([
    ['5.10', ['Could not make post-mobility activate-fw call.'], ['ibm,suspend-me']],
    ['6.1', ['ibm,activate-firmware method unavailable'], ['ibm,suspend-me', 'ibm,update-nodes']],
    ['6.12', ['rtas: ibm,activate-firmware method unavailable'], ['ibm,suspend-me', 'ibm,update-nodes']],
  ] as const)('v%s without ibm,activate-firmware', (release, message, functions) => {
    const { log, called, written } = migrate({ vasi: [3], without: ['ibm,activate-firmware'] }, { release });
    expect(log.filter((line) => line.includes('activate'))).toEqual(message);
    expect([called, written.ok]).toEqual([functions, true]);
  });

  test.each([
    ['5.10', 'Post-mobility activate-fw failed: -1'],
    ['6.1', 'ibm,activate-firmware failed (-1)'],
    ['6.12', 'rtas: ibm,activate-firmware failed (-1)'],
  ] as const)('v%s continues after a failure', (release, message) => {
    const { log, called } = migrate({ vasi: [3], activate: [-2, 9900, -1] }, { release });
    expect(log).toContain(message);
    expect(called.filter((name) => name === 'ibm,activate-firmware')).toHaveLength(3);
    expect(called).toContain('ibm,update-nodes');
  });
});

describe('the written text', () => {
  test.each([
    ['4660', 'ok'],
    ['0x1234\n', 'ok'],
    ['+0x1234', 'ok'],
    ['01234', 'ok'],
    ['', 'EINVAL'],
    ['-1', 'EINVAL'],
    ['0x', 'EINVAL'],
    ['089', 'EINVAL'],
    ['1 ', 'EINVAL'],
    ['1\n\n', 'EINVAL'],
    ['0x10000000000000000', 'ERANGE'],
    ['99999999999999999999', 'ERANGE'],
  ])('%j returns %s', (input, expected) => {
    const partition = bootKernel({ tree: rootOf(), release: '6.12', firmware: scripted({}), drivers: [] });
    const written = partition.writeFileSync(
      '/sys/kernel/mobility/migration',
      new TextEncoder().encode(input),
    );
    expect(written.ok ? 'ok' : written.errno).toBe(expected);
    expect(partition.observeSync().log.length > 0).toBe(expected === 'ok');
  });
});
