import { describe, expect, test } from 'vitest';
import { kindOfSection, logOf } from '../../src/field/support/logs.ts';
import { kindOf, logFile, place } from '../../src/field/support/paths.ts';

const BOOT = '[    0.000000] Linux version 6.1.0 (x)\n';

/** The texts of the log that is chosen from some files. */
function chosen(files: Readonly<Record<string, string>>): readonly string[] {
  const logs = Object.entries(files).map(([path, text]) => ({ path, parts: [text], cut: false }));
  return logOf(logs).lines.map(({ text }) => text);
}

describe('of several logs the one is taken', () => {
  const ring = '[   50.000000] from the ring\n';

  test('that begins with the boot', () => {
    expect(
      chosen({ 'sos_commands/kernel/dmesg': ring, 'var/log/messages': `Oct 18 10:00:00 h kernel: ${BOOT}` }),
    ).toEqual(['Linux version 6.1.0 (x)']);
    // Without the boot's clock, nothing but its line tells where a log begins.
    expect(
      chosen({
        'kernel.log': ring,
        'var/log/messages': 'Oct 18 10:00:00 h kernel: Linux version 6.1.0 (x)\n',
      }),
    ).toEqual(['Linux version 6.1.0 (x)']);
    expect(chosen({ 'kernel.log': `${BOOT}${ring}`, 'kernel-journal.log': BOOT })).toHaveLength(2);
  });

  test('that begins first, by the clock of the boot, if by more than a second', () => {
    expect(chosen({ 'kernel.log': ring, 'var/log/dmesg': '[    1.000000] early\n' })).toEqual(['early']);
    expect(chosen({ 'kernel.log': ring, 'var/log/dmesg': '[   49.500000] early\n' })).toEqual([
      'from the ring',
    ]);
    expect(chosen({ 'kernel.log': ring, 'var/log/messages': 'Oct 18 10:00:00 h kernel: late\n' })).toEqual([
      'from the ring',
    ]);
  });

  test('that has lines of the kernel', () => {
    expect(chosen({ 'kernel.log': '', 'var/log/messages': 'Oct 18 10:00:00 h kernel: it\n' })).toEqual([
      'it',
    ]);
    expect(
      chosen({ 'var/log/drmgr': '########## Jul 18 14:29:39 2019 ##########\ndrmgr: -m\n' }),
    ).toHaveLength(2);
    expect(chosen({})).toEqual([]);
  });

  test('only whose end was read is named, if it is the one', () => {
    const cut = { path: 'var/log/messages', parts: ['Oct 18 10:00:00 h kernel: it\n'], cut: true };
    expect(logOf([cut]).cut).toEqual(['var/log/messages']);
    expect(logOf([cut, { path: 'kernel.log', parts: [BOOT], cut: false }]).cut).toEqual([]);
  });
});

test.each([
  ['/bin/dmesg -T', 'ring'],
  ['/usr/bin/dmesg', 'ring'],
  ['/bin/dmesg -T | grep taint', undefined],
  ['/usr/bin/journalctl --boot=0 --no-pager --output=short-iso', 'journal'],
  ['/usr/bin/journalctl --boot=0 --no-pager --output=short-iso | tail -n 5000', 'journal'],
  ['/usr/bin/journalctl --no-pager --boot=1 --output=short-iso', undefined],
  ['/usr/bin/journalctl --boot=0 --no-pager --disk-usage', undefined],
  ['/usr/bin/journalctl --boot=0 --no-pager --output=short-iso -u docker', undefined],
  ['/var/log/messages', 'syslog'],
  ['/var/log/hcnmgr', 'tool'],
  ['/etc/fstab', undefined],
])('the section %s is a log of kind %s', (source, kind) => {
  expect(kindOfSection(source)).toBe(kind);
});

test.each([
  ['kernel.log', 'ring'],
  ['kernelxlog', undefined],
  ['sos_commands/kernel/dmesg_-T', 'ring'],
  ['sos_commands/kernel/sub/dmesg', undefined],
  ['sos_commands/logs/journalctl_--no-pager_--boot', 'journal'],
  ['sos_commands/logs/journalctl_--no-pager_--boot_-1', undefined],
  ['var/log/messages-20211020.xz', 'syslog'],
  ['var/log/messages.bak', undefined],
  ['var/log/hcnmgr', 'tool'],
  ['ppc64/drmgr.0', 'tool'],
  ['boot.txt', 'sections'],
  ['etc/messages', undefined],
])('the file %s is a log of kind %s', (path, kind) => {
  expect(logFile(path)?.kind).toBe(kind);
});

test('the folder of the machine is up to three folders down', () => {
  expect(place('proc/version')).toEqual({ top: '', below: 'proc/version', log: false });
  expect(place('a/b/c/var/log/messages')).toEqual({ top: 'a/b/c', below: 'var/log/messages', log: true });
  expect(place('a/b/c/d/proc/version')).toBeUndefined();
  expect(place('a/version')).toBeUndefined();
});

test('the tool is known by its files', () => {
  expect(kindOf(['manifest.json', 'sos_commands/kernel/dmesg'])).toBe('capture');
  expect(kindOf(['version.txt'])).toBe('sosreport');
  expect(kindOf(['ppc64/device-tree/'])).toBe('supportconfig');
  expect(kindOf(['proc/device-tree/', 'dmesg.txt'])).toBe('archive');
});
