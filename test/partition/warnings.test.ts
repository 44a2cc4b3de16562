import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findWarnings, readLog } from '../../src/partition/index.ts';

const captures = process.env['TRANSPLANT_CAPTURES'];

/** As 6.1 prints it on a partition: modules, registers, addresses, a line of another CPU in between. */
const real = `[   79.134739] before
[   79.134750] ------------[ cut here ]------------
[   79.134756] refcount_t: addition on 0; use-after-free.
[   79.134771] WARNING: CPU: 11 PID: 1273 at lib/refcount.c:25 refcount_warn_saturate+0x164/0x1f0
[   79.134784] Modules linked in: pseries_rng binfmt_misc(E) ctr(E)
[   79.134854] CPU: 11 PID: 1273 Comm: cat Tainted: G            E      6.1.0-44-powerpc64le #1  Debian 6.1.176-1
[   79.134866] Hardware name: IBM pSeries (emulated by qemu) POWER9 (raw) 0x4e1202 0xf000005 of:SLOF,HEAD hv:linux,kvm pSeries
[   79.134872] NIP:  c000000000476e8c LR: c000000000476fd8 CTR: c000000000476f60
[   79.134877] REGS: c00000000ed679b0 TRAP: 0700   Tainted: G            E       (6.1.0)
[   79.134882] MSR:  800000000282b032 <SF,VEC,VSX,EE,FP,ME,IR,DR,RI>  CR: 44008420  XER: 20000010
               GPR00: c000000000476fd8 c00000000ed67c50 c00000000114be00 000000000000002a
[   79.134982] NIP [c000000000476e8c] refcount_warn_saturate+0x164/0x1f0
[   79.134990] LR [c000000000476fd8] refcount_warn_saturate+0x160/0x1f0
[   79.134998] Call Trace:
[   79.135001] [c00000000ed67c50] [c00000000ed67d40] refcount_warn_saturate+0x160/0x1f0 (unreliable)
[   79.135013] [c00000000ed67c80] [c000000000000003] kobject_get+0xf0/0x100
[   79.135020] [c00000000ed67cb0] [c0003d0004eddcf4] nx_crypto_ctx_skcipher_exit+0x2c/0x60 [nx_crypto]
[   79.135021] a line of another CPU
[   79.135034] [c00000000ed67ce0] [c000000000884d58] vfs_read+0x1d0/0x240
[   79.135045] --- interrupt: c00 at 0x7fffb5e4a7d4
[   79.135050] [c00000000ed67e80] [c000000000884d58] not_this_one+0x1/0x2
[   79.135097] Code: 7d084110 39080001 0b080000 282a2000
[   79.135131] ---[ end trace 0000000000000000 ]---
[   79.135140] after`;

describe('findWarnings', () => {
  test('reads what a real kernel prints', () => {
    expect(findWarnings(readLog(real))).toMatchObject([
      {
        at: 1,
        message: 'refcount_t: addition on 0; use-after-free.',
        place: 'lib/refcount.c:25',
        callChain: ['refcount_warn_saturate', 'kobject_get', 'nx_crypto_ctx_skcipher_exit', 'vfs_read'],
      },
    ]);
  });

  test('reads the header of v7.2', () => {
    const log = `------------[ cut here ]------------
refcount_t: underflow; use-after-free.
WARNING: lib/refcount.c:28 at refcount_warn_saturate+0x16c/0x1f0, CPU#1: cat/123
Call Trace:
[c00000000ed67c80] [c000000000000003] kobject_put+0xf0/0x100
---[ end trace 0000000000000000 ]---`;
    expect(findWarnings(readLog(log))).toMatchObject([
      {
        at: 0,
        message: 'refcount_t: underflow; use-after-free.',
        place: 'lib/refcount.c:28',
        callChain: ['kobject_put'],
      },
    ]);
  });

  test('the header is the message of a WARN_ON()', () => {
    const header = 'WARNING: CPU: 0 PID: 1 at drivers/of/dynamic.c:274 __of_detach_node+0x1/0x2';
    const [found] = findWarnings(
      readLog(`------------[ cut here ]------------\n${header}\n---[ end trace 0 ]---`),
    );
    expect(found).toMatchObject({ at: 0, message: header, place: 'drivers/of/dynamic.c:274', callChain: [] });
  });

  test('finds oopses, BUG() and KASAN reports', () => {
    const log = `BUG: Kernel NULL pointer dereference on read at 0x00000000
Faulting instruction address: 0xc000000000476e8c
Oops: Kernel access of bad area, sig: 11 [#1]
Call Trace:
safe_name+0x10/0x20
---[ end trace 0000000000000000 ]---
------------[ cut here ]------------
kernel BUG at arch/powerpc/platforms/pseries/hotplug-cpu.c:312!
Oops: Exception in kernel mode, sig: 5 [#2]
---[ end trace 0000000000000000 ]---
==================================================================
BUG: KASAN: slab-out-of-bounds in pseries_devicetree_update+0x10/0x20
Read of size 4 at addr c000000012345678 by task drmgr/1000
==================================================================
fine`;
    expect(findWarnings(readLog(log)).map(({ at, message, place }) => [at, message, place])).toEqual([
      [0, 'BUG: Kernel NULL pointer dereference on read at 0x00000000', undefined],
      [
        6,
        'kernel BUG at arch/powerpc/platforms/pseries/hotplug-cpu.c:312!',
        'arch/powerpc/platforms/pseries/hotplug-cpu.c:312',
      ],
      [11, 'BUG: KASAN: slab-out-of-bounds in pseries_devicetree_update+0x10/0x20', undefined],
    ]);
  });

  test('a report that is cut short counts, whether by the next one or by the end', () => {
    const cut = '------------[ cut here ]------------';
    expect(findWarnings(readLog(`${cut}\none\n${cut}\ntwo`)).map(({ message }) => message)).toEqual([
      'one',
      'two',
    ]);
  });

  test('each task that hangs is one fault, and so is a stall that comes later', () => {
    const log = [
      '[  100.000000] watchdog: CPU 3 detected hard LOCKUP on other CPUs 4',
      '[  100.000100] watchdog: CPU 4 Hard LOCKUP',
      '[  200.000000] rcu: INFO: rcu_sched self-detected stall on CPU',
      '[  300.000000] INFO: task a:1 blocked for more than 120 seconds.',
      '[  300.000100] INFO: task b:2 blocked for more than 120 seconds.',
    ].join('\n');
    expect(findWarnings(readLog(log)).map(({ at, kind }) => [at, kind])).toEqual(
      [0, 2, 3, 4].map((at) => [at, 'stall']),
    );
  });

  test('a report without its first line is an oops if a trap says so, and no fault if it is of an interrupt', () => {
    const report = (trap: string) =>
      [
        'CPU: 3 PID: 8587 Comm: drmgr Not tainted 5.3.0 #46',
        'NIP:  c0000000000eeb2c LR: c0000000000eeac4 CTR: c0000000000ee9e0',
        `REGS: c0000001f745b6c0 TRAP: ${trap}   Not tainted  (5.3.0)`,
        'NIP [c0000000000eeb2c] some_function+0x14c/0x2e0',
      ].join('\n');
    expect(findWarnings(readLog(report('0300')))).toMatchObject([
      {
        kind: 'oops',
        message: 'trap 0x300 in some_function (the first line of the report is missing)',
        process: 'drmgr',
        release: '5.3.0',
        failed: 'some_function',
      },
    ]);
    expect(findWarnings(readLog(report('0900')))).toEqual([]);
  });

  test('nothing is found where nothing is', () => {
    expect(
      findWarnings(readLog('mobility: calling ibm,suspend-me on CPU 0\nCall Trace:\nf+0x1/0x2')),
    ).toEqual([]);
  });

  test.skipIf(!captures)(
    'reads a real log whose lines were wrapped (skipped: TRANSPLANT_CAPTURES is not set)',
    () => {
      const text = readFileSync(join(captures ?? '', 'ml-p8-nx-crypto-log.txt'), 'utf8');
      const found = findWarnings(readLog(text));
      expect(found.length).toBeGreaterThanOrEqual(2);
      expect(found[0]?.message).toBe('nx-crypto ibm,sym-encryption-v1: bogus');
      expect(found[0]?.callChain.slice(-3)).toEqual(['cryptomgr_test', 'kthread', 'start_kernel_thread']);
    },
  );
});
