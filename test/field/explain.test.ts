import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explain, readLogInput, writeCapture } from '../../src/field/index.ts';
import { readLog } from '../../src/partition/index.ts';
import { knownLines, recognise, type Story } from '../../src/verdict/index.ts';
import { testWithCaptures } from '../support/captures.ts';
import { folder, machine } from './machine.ts';

const explained = (...lines: string[]) => explain(readLog(lines.join('\n')));

/** The story by names alone. */
const shape = ({ migrations, others }: Story) => ({
  migrations: migrations.map(({ outcome, steps, afterwards }) => ({
    outcome,
    steps: steps.map(({ name }) => name),
    afterwards: afterwards.map(({ name }) => name),
  })),
  others: others.map(({ name }) => name),
});

/** A migration on 6.12 under the fix, as the kernel prints it. */
const success = (start: number) => [
  `[ ${start}.000000] vas: VAS migration event 0`,
  `[ ${start}.100000] watchdog: Set the NMI watchdog timeout factor to 200%`,
  `[ ${start}.200000] mobility: calling ibm,suspend-me on CPU 0`,
  `[ ${start}.300000] mobility: CPU 0 waking all threads`,
  `[ ${start}.400000] mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285`,
  `[ ${start}.500000] mobility: ignoring add operation for /ibm,platform-facilities`,
  `[ ${start}.600000] mobility: waiting for memory transfer to complete...`,
  `[ ${start}.700000] mobility: memory transfer completed.`,
  `[ ${start}.800000] watchdog: Set the NMI watchdog timeout factor to 0%`,
  `[ ${start}.900000] vas: VAS migration event 1`,
];
const steps = [
  'vas-suspend',
  'watchdog-raised',
  'suspend-called',
  'threads-woken',
  'ignored-remove',
  'ignored-add',
  'transfer-awaited',
  'transfer-done',
  'watchdog-reset',
  'vas-resume',
];

test('two migrations are two, each with its steps in order', () => {
  const story = explained('[ 1.000000] Linux version 6.12.107 (x)', ...success(100), ...success(200));
  expect(shape(story)).toEqual({
    migrations: [
      { outcome: 'moved', steps, afterwards: [] },
      { outcome: 'moved', steps, afterwards: [] },
    ],
    others: ['boot'],
  });
  expect(story.migrations[0]?.headline).toBe('the partition moved; 1 delete ignored; 1 add ignored');
  expect(story.migrations[0]?.steps[4]?.meaning).toContain(
    'Firmware deletes /ibm,platform-facilities/ibm,random-v1;',
  );
});

test('five failed attempts are one migration that did not happen; the next try is another', () => {
  const attempt = (number: number) => [
    'mobility: calling ibm,suspend-me on CPU 0',
    'mobility: ibm,suspend-me error: -1',
    'mobility: CPU 0 waking all threads',
    `mobility: Partition suspend attempt ${number} of 5 error: -5`,
    ...(number < 5 ? ['mobility: Will retry partition suspend after 1 ms'] : []),
  ];
  const failed = [...[1, 2, 3, 4, 5].flatMap(attempt), 'mobility: H_VASI_SIGNAL error: -2'];
  const { migrations } = explained(...failed, ...failed, ...success(9));
  expect(migrations.map(({ outcome, steps }) => [outcome, steps.length])).toEqual([
    ['did not move', 25],
    ['did not move', 25],
    ['moved', 10],
  ]);
  expect(migrations[0]?.headline).toBe('the partition did not move; 5 failed attempts');
});

test('a kernel that says nothing but that it suspends has as many migrations as it says so', () => {
  const quiet = ['mobility: calling ibm,suspend-me on CPU 7', 'mobility: CPU 7 waking all threads'];
  expect(explained(...quiet, ...quiet, ...quiet).migrations.map(({ outcome }) => outcome)).toEqual([
    'moved',
    'moved',
    'moved',
  ]);
});

test('lines of kernels before 5.11 are known, with and without prefix', () => {
  expect(
    shape(
      explained(
        'calling ibm,suspend-me on cpu 3',
        'Could not make post-mobility activate-fw call.',
        'Could not update ibm,loc-code property',
        'Post-mobility device tree update failed: -2',
      ),
    ).migrations,
  ).toEqual([
    {
      outcome: 'moved',
      steps: ['suspend-called', 'activate-required', 'property-failed', 'update-aborted'],
      afterwards: [],
    },
  ]);
});

test('what comes later is listed as a consequence, up to the next restart', () => {
  const story = explained(
    ...success(10),
    '[ 99.000000] refcount_t: addition on 0; use-after-free.',
    '[ 0.000000] Linux version 6.12.0 (x)',
    '[ 5.000000] refcount_t: underflow; use-after-free.',
  );
  expect(story.migrations[0]?.afterwards.map(({ name, at }) => [name, at])).toEqual([['use-after-free', 10]]);
  expect(story.others.map(({ name }) => name)).toEqual(['boot', 'use-after-free']);
});

test('trouble in the middle is a step where it happened', () => {
  const { migrations } = explained(
    ...success(10).slice(0, 5),
    '[ 10.450000] Duplicate name in cpus, renamed to "l2-cache@2011#1"',
    ...success(10).slice(5),
  );
  expect(migrations[0]?.steps[5]).toMatchObject({
    name: 'duplicate-name',
    meaning: expect.stringContaining('added to cpus'),
  });
});

test('a stall is harmless while memory is on its way, and trouble afterwards', () => {
  const stall = (seconds: number) =>
    `[ ${seconds}.000000] watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [cat:77]`;
  const weights = (...lines: string[]) =>
    explained(...lines)
      .migrations.flatMap(({ steps, afterwards }) => [...steps, ...afterwards])
      .flatMap(({ name, weight }) => (name === 'cpu-stuck' ? [weight] : []));
  expect(weights(...success(100).slice(0, 4), stall(101))).toEqual(['harmless']);
  expect(weights(...success(100), stall(130), stall(400))).toEqual(['harmless', 'trouble']);
  expect(explained(stall(100)).others.map(({ weight }) => weight)).toEqual(['trouble']);
});

test('a process that crashes right after a migration is trouble, and later it is not', () => {
  const crash = (seconds: number) => `[ ${seconds}.000000] sshd[77]: segfault (11) at 0 nip 0 lr 0 code 1`;
  const { migrations } = explained(...success(100), crash(120), crash(5000));
  expect(migrations[0]?.afterwards.map(({ weight }) => weight)).toEqual(['trouble', 'notable']);
});

test('a machine that boots anew in the suspend may have moved', () => {
  const { migrations } = explained(
    '[ 100.000000] mobility: calling ibm,suspend-me on CPU 0',
    '[ 0.000000] Linux version 6.12.107 (x)',
    '[ 1.000000] random: crng init done',
  );
  expect(migrations).toMatchObject([
    { outcome: 'unknown', proof: [0], headline: expect.stringContaining('booted anew') },
  ]);
});

test('a log that begins in the middle is explained from there; two updates far apart are two', () => {
  const { migrations } = explained(
    '[ 100.000000] mobility: Failed lookup: phandle 0x1 for action 0x1000000',
    '[ 100.500000] mobility: removing node /a:7',
    '[ 1000.000000] mobility: removing node /a:7',
  );
  expect(migrations.map(({ outcome, steps }) => [outcome, steps.length])).toEqual([
    ['moved', 2],
    ['moved', 1],
  ]);
});

describe('known lines', () => {
  test('have distinct names and anchored patterns', () => {
    expect(new Set(knownLines.map(({ name }) => name)).size).toBe(knownLines.length);
    for (const { pattern } of knownLines) expect(pattern.source).toMatch(/^\^.*\$$/s);
    for (const { meaning, weight, rule } of knownLines) {
      expect(meaning).toMatch(/^(?:drmgr|ibm,|[A-Z$/]).*\.$/s);
      // Trouble without a finding would be explained and not judged.
      if (weight === 'trouble') expect(rule).toBeDefined();
    }
  });

  test.each([
    ['join-failed', 'mobility: H_JOIN error -5 on CPU 3'],
    ['join-failed-before-5.11', 'H_JOIN on cpu 3 failed with rc = -5'],
    ['activate-missing', 'rtas: ibm,activate-firmware method unavailable'],
    ['activate-failed', 'ibm,activate-firmware failed (-1)'],
    ['connector-failed', 'Unexpected Error (-9003) returned from configure-connector'],
    ['limits-kept', 'nx-compress-pseries ibm,compression-v1: nx842_OF_upd: max_sg_len new:4080 old:4080'],
    ['limits-read', 'nx_compress_pseries ibm,compression-v1: nx842_OF_upd: max_sg_len new:4080 old:0'],
    ['device-disabled', 'nx_compress_pseries ibm,compression-v1: nx842_OF_upd: device disabled'],
    ['bad-put', 'OF: ERROR: Bad of_node_put() on /cpus/l2-cache@2010'],
    ['bad-put', 'OF: ERROR: of_node_release() detected bad of_node_put() on /cpus/l2-cache@2010'],
    [
      'locked-down',
      'Lockdown: drmgr: modifying device tree contents is restricted; see man kernel_lockdown.7',
    ],
    ['vasi-unexpected', 'mobility: unexpected H_VASI_STATE result 2'],
    ['transfer-unknown', 'mobility: H_VASI_STATE return error (-95)'],
  ])('%s: %s', (name, line) => {
    expect(knownLines.filter(({ pattern }) => pattern.test(line)).map((known) => known.name)).toEqual([name]);
    expect(recognise(line)?.line.name).toBe(name);
  });
});

describe('logs as they come', () => {
  const read = async (text: string) => {
    const path = join(folder(), 'log');
    writeFileSync(path, text, 'latin1');
    return (await readLogInput(path)).log.map(({ seconds, text }) => [seconds, text]);
  };

  test('quoted mail, indented mail, and a journal with monotonic time', async () => {
    expect(await read('>>>  [    7.000000][    T0] mobility: x\n')).toEqual([[7, 'mobility: x']]);
    expect(await read('  mobility: removing node /a:1\n')).toEqual([[0, 'mobility: removing node /a:1']]);
    expect(await read('[    5.140900] north kernel: mobility: x\n')).toEqual([[5.1409, 'mobility: x']]);
  });

  test('a line that a mail has cut is put together, if as a whole it is known', async () => {
    const lines = [
      '[   79.134739] nx-crypto ibm,sym-encryption-v1: bogus',
      'sglen/databytelen for 0/6/1: 0/0 (ignored)',
      '<6>[   80.000000] mobility: ignoring remove',
      'operation for',
      '/ibm,platform-facilities/ibm,random-v1:4294967285',
      'Oct 18 10:00:00 host kernel: mobility: calling',
      'ibm,suspend-me on CPU 0',
    ];
    const whole = [
      [79.134739, 'nx-crypto ibm,sym-encryption-v1: bogus sglen/databytelen for 0/6/1: 0/0 (ignored)'],
      [80, 'mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285'],
      [80, 'mobility: calling ibm,suspend-me on CPU 0'],
    ];
    expect(await read(lines.join('\n'))).toEqual(whole);
    expect(await read(lines.map((line) => `> ${line}`).join('\r\n'))).toEqual(whole);
  });

  test('what follows a line and is no part of it stays by itself', async () => {
    const first = 'mobility: calling';
    const rest = 'ibm,suspend-me on CPU 0';
    for (const lines of [
      // Known without it, not known with it, cut by another line, too many pieces.
      ['[ 1.000000] Linux version 6.12.0', 'and more'],
      ['[ 1.000000] something else', rest],
      ['[ 1.000000] OF: ERROR: Bad of_node_put() on', `[ 1.000001] ${rest}`],
      ['[ 1.000000] mobility:', 'H_VASI_STATE', 'return', 'error', '(-95)'],
    ])
      expect(await read(lines.join('\n')), lines[0]).toHaveLength(lines.length);
    // Without times, too, it is one.
    expect(await read(`${first}\n${rest}`)).toHaveLength(1);
  });

  test('a capture holds one', async () => {
    const path = join(folder(), 'capture.tar.gz');
    writeFileSync(
      path,
      writeCapture({ root: await machine({ log: success(7).join('\n') }), by: 'test' }).bytes,
    );
    const { log } = await readLogInput(path);
    expect(explain(log).migrations).toHaveLength(1);
  });

  test('hostile lines cost no time', () => {
    const long = `mobility: removing node ${'/a'.repeat(500_000)}`;
    expect(explained(long, `Duplicate name in ${'x, renamed to "'.repeat(10_000)}`)).toMatchObject({
      migrations: [],
      others: [],
    });
    const many = Array.from(
      { length: 20_000 },
      (_, index) => `[ ${index}.000000] mobility: calling ibm,suspend-me on CPU 0`,
    );
    expect(explained(...many).migrations).toHaveLength(20_000);
  });
});

describe('real logs', () => {
  const story = async (captures: string, name: string) =>
    explain((await readLogInput(join(captures, name))).log);

  testWithCaptures(
    'the original report: four nodes removed, one added, then the use after free',
    async (captures) => {
      const found = await story(captures, 'ml-platfac-lpm-kernel-log.txt');
      expect(shape(found)).toEqual({
        migrations: [
          {
            outcome: 'moved',
            steps: [
              'node-removed',
              'node-removed',
              'node-removed',
              'node-removed',
              'node-added',
              'use-after-free',
            ],
            afterwards: [],
          },
        ],
        others: [],
      });
      expect(found.migrations[0]?.headline).toBe(
        'the partition moved; 4 nodes removed; 1 node added; 1 use after free',
      );
    },
  );

  testWithCaptures('a migration after which processes crash', async (captures) => {
    expect(shape(await story(captures, 'ml-lpm-dmesg-mobility.txt'))).toEqual({
      migrations: [
        {
          outcome: 'moved',
          steps: ['suspend-called', 'threads-woken', 'transfer-awaited'],
          afterwards: ['process-crashed', 'process-crashed'],
        },
      ],
      others: [],
    });
  });

  testWithCaptures('a partition with compression disabled', async (captures) => {
    expect(shape(await story(captures, 'ml-dmesg-suse-nx-disabled.txt'))).toEqual({
      migrations: [],
      others: expect.arrayContaining(['boot', 'device-disabled']),
    });
  });

  testWithCaptures('POWER9 and POWER10: the driver takes its limits', async (captures) => {
    for (const name of ['ml-dmesg-p9-lpar.txt', 'ml-dmesg-p10-9080HEX-fw1030.txt'])
      expect(
        shape(await story(captures, name)).others.filter((other) => other === 'limits-read'),
      ).toHaveLength(3);
  });

  testWithCaptures('POWER8, in a mail that cuts its lines: no limits for three modes', async (captures) => {
    const { others } = await story(captures, 'ml-p8-nx-crypto-log.txt');
    const limits = others.filter(({ name }) => name === 'encryption-limit-zero');
    expect(limits.map(({ line }) => line.seconds)).toEqual([79.134739, 79.13475, 79.134917]);
    expect(limits[2]?.meaning).toContain('for function/mode/key size 0/20/1;');
  });

  testWithCaptures('caches twice, a refused DLPAR request', async (captures) => {
    expect(shape(await story(captures, 'ml-p9-cache-nodes-lpm.txt')).others).toEqual([
      'duplicate-name',
      'duplicate-name',
    ]);
    expect(shape(await story(captures, 'ml-drmgr-dt-add-log.txt')).others).toContain('dlpar-failed');
  });
});
