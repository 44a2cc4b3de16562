import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readLogInput } from '../../src/field/index.ts';
import { LineSieve } from '../../src/field/support/line-sieve.ts';
import { fileLog } from '../../src/field/support/logs.ts';
import { mergeLogs } from '../../src/field/support/merge-logs.ts';
import { folder } from './machine.ts';
import { runShell, shells, testWith } from './programs.ts';

const merged = (...texts: readonly string[]) =>
  mergeLogs(texts.map((text) => fileLog(text))).map(({ text }) => text);

describe('several logs become one', () => {
  test('in order of time, whatever the order in which they are given', () => {
    const one = 'Oct 18 10:00:00 h kernel: a\nOct 18 10:00:10 h kernel: c\n';
    const two = 'Oct 18 10:00:05 h kernel: b\nOct 18 10:00:15 h kernel: d\n';
    expect(merged(two, one)).toEqual(['a', 'b', 'c', 'd']);
    expect(mergeLogs([fileLog(two), fileLog(one)]).map(({ seconds }) => seconds)).toEqual([0, 5, 10, 15]);
  });

  test('a year that ends between two logs, or within one', () => {
    const december = 'Dec 31 23:00:00 h kernel: a\nDec 31 23:59:59 h kernel: b\n';
    expect(merged('Jan  1 00:00:01 h kernel: c\n', december)).toEqual(['a', 'b', 'c']);
    expect(merged('Jan  2 00:00:00 h kernel: d\n', `${december}Jan  1 00:00:01 h kernel: c\n`)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  test('a log without a year is of the last year that fits the others', () => {
    const dated = '2021-12-31T23:59:00+0000 h kernel: a\n2022-01-01T00:01:00+0000 h kernel: c\n';
    expect(merged('Jan  1 00:00:30 h kernel: b\n', dated)).toEqual(['a', 'b', 'c']);
    expect(merged('Jun 30 00:00:30 h kernel: b\n', dated)).toEqual(['b', 'a', 'c']);
  });

  test('the same line in two logs is taken once, lines that one log repeats are kept', () => {
    const syslog = 'Oct 18 10:00:00 h kernel: x\nOct 18 10:00:00 h kernel: x\nOct 18 10:00:01 h kernel: y\n';
    const journal = 'Oct 18 10:00:01 h kernel: x\nOct 18 10:00:01 h kernel: x\nOct 18 10:00:09 h kernel: y\n';
    expect(merged(syslog, journal)).toEqual(['x', 'x', 'y', 'y']);
    expect(merged(syslog, journal, syslog)).toEqual(['x', 'x', 'y', 'y']);
  });

  test("the boot's clock is aligned by a line in common", () => {
    const ring = '[    5.000000] a line in common\n[   20.000000] the last line\n';
    const syslog = 'Oct 18 10:00:00 h kernel: a line in common\nOct 18 10:00:10 h drmgr: migration rc 0\n';
    expect(mergeLogs([fileLog(syslog), fileLog(ring)])).toMatchObject([
      { text: 'a line in common' },
      { seconds: 15, text: 'drmgr: migration rc 0' },
      { seconds: 20, text: 'the last line' },
    ]);
  });

  test('a log without any line in common keeps its place', () => {
    const ring = '[    5.000000] a\n[   20.000000] b\n';
    const drmgr = 'Oct 18 10:00:10 h drmgr: migration rc 0\n';
    expect(merged(drmgr, ring)).toEqual(['drmgr: migration rc 0', 'a', 'b']);
    expect(merged(ring, drmgr)).toEqual(['a', 'b', 'drmgr: migration rc 0']);
  });

  test('logs of one boot are put in order by the clock of the boot, those of two boots are not', () => {
    const late = '[   50.000000] c\n';
    const early = '[    5.000000] b\n';
    expect(merged(late, early)).toEqual(['b', 'c']);
    const boot = (text: string) => `[    0.000000] Linux version 6.1\n${text}`;
    expect(merged(boot(late), boot(early))).toEqual(['Linux version 6.1', 'c', 'Linux version 6.1', 'b']);
  });

  test('a log that has the end of a boot before the next one keeps its place', () => {
    const two = '[   50.000000] last\n[    0.000000] Linux version 6.1\n';
    expect(merged(two, '[    0.000000] Linux version 6.2\n[    5.000000] x\n')).toEqual([
      'last',
      'Linux version 6.1',
      'Linux version 6.2',
      'x',
    ]);
  });

  test('after a restart seconds count from the new boot', () => {
    const syslog =
      'Oct 18 10:00:00 h kernel: [  100.000000] a\nOct 18 10:01:00 h kernel: [    0.000000] Linux version 6.1\n';
    const drmgr = 'Oct 18 10:00:10 h drmgr: one\nOct 18 10:01:07 h drmgr: two\n';
    const lines = mergeLogs([fileLog(syslog), fileLog(drmgr)]);
    expect(lines.map(({ seconds, text }) => [seconds, text])).toEqual([
      [100, 'a'],
      [110, 'drmgr: one'],
      [0, 'Linux version 6.1'],
      [7, 'drmgr: two'],
    ]);
  });

  test('order within a log counts more than its clock', () => {
    expect(
      merged('Oct 18 10:00:09 h kernel: a\nOct 18 10:00:01 h kernel: b\n', 'Oct 18 10:00:05 h kernel: 0\n'),
    ).toEqual(['0', 'a', 'b']);
  });

  test('nothing, and one', () => {
    expect(mergeLogs([])).toEqual([]);
    expect(merged('', 'a\n')).toEqual(['a']);
  });
});

describe('readLogInput', () => {
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(folder(), name);
    writeFileSync(path, content);
    return path;
  };
  const text = '[    1.000000] one\n[    2.000000] two\n';

  test('packed by gzip, and several', async () => {
    const packed = file('messages-1.gz', gzipSync('Oct 18 10:00:00 h kernel: a\n'));
    const plain = file('messages', 'Oct 18 11:00:00 h kernel: b\n');
    const { log, name, unread } = await readLogInput(plain, packed);
    expect(log.map((line) => line.text)).toEqual(['a', 'b']);
    expect({ name, unread }).toEqual({ name: `${plain}, ${packed}`, unread: [] });
  });

  testWith('xz', 'packed by xz', async () => {
    const [shell] = shells;
    if (!shell) throw new Error('no shell');
    const place = folder();
    writeFileSync(join(place, 'log'), text);
    writeFileSync(join(place, 'pack.sh'), 'xz log\n');
    expect(runShell(shell, place, join(place, 'pack.sh'), []).status).toBe(0);
    expect((await readLogInput(join(place, 'log.xz'))).log).toHaveLength(2);
  });

  test('packed and cut short: what there is is read, and that it was cut is said', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, at) => `[${at}.${`${at * 7919}`.padStart(6, '0').slice(-6)}] line ${at * 31}\n`,
    );
    const packed = gzipSync(lines.join(''));
    const path = file('log.gz', packed.subarray(0, packed.length >> 1));
    const { log, unread } = await readLogInput(path);
    expect(log.length).toBeGreaterThan(100);
    expect(unread).toEqual([`${path}: the compressed log is truncated`]);
    await expect(readLogInput(file('nothing.gz', packed.subarray(0, 5)))).rejects.toThrow(
      'the compressed file is truncated',
    );
  });

  test('a folder is read as its archive, one without a log is refused, and so is what is no text', async () => {
    const root = folder();
    mkdirSync(join(root, 'var/log'), { recursive: true });
    writeFileSync(join(root, 'var/log/dmesg'), text);
    expect((await readLogInput(root)).log).toHaveLength(2);
    await expect(readLogInput(folder())).rejects.toThrow('no kernel log in it');
    await expect(
      readLogInput(
        file(
          'x',
          Uint8Array.from({ length: 999 }, (_, at) => at % 7),
        ),
      ),
    ).rejects.toThrow('not a text');
  });

  test('zeros that a crash left in a log do not make it no text', async () => {
    expect(
      (await readLogInput(file('log', `${text}${'\0'.repeat(4096)}\n${text}`))).log.length,
    ).toBeGreaterThan(3);
  });
});

describe('the sieve', () => {
  const sift = (texts: readonly string[], max?: number) => {
    const sieve = new LineSieve(max);
    for (const text of texts) sieve.push(Buffer.from(text, 'latin1'));
    const { parts, cut } = sieve.end();
    return { text: parts.join(''), cut };
  };

  test('drops lines of other programs, wherever chunks are cut', () => {
    const log = [
      'Oct 18 10:00:00 h kernel: kept',
      'Oct 18 10:00:00 h kernel: [    1.000000] kept',
      'Oct 18 10:00:00 h systemd[1]: dropped',
      'Oct 18 10:00:00.123456 h CRON[12]: dropped',
      '2021-10-18T10:00:00.123456+02:00 h sshd[99]: dropped',
      '2021-10-18T10:00:00+0200 h kernel: kept',
      'Oct 18 10:00:01 h drmgr: kept',
      'Oct 18 10:00:01 h drmgr[77]: kept',
      'Oct 18 10:00:01 h hcnmgr: kept',
      '2021-10-18T10:00:00+02:00 h rtas_errd[3]: kept',
      '[    1.000000] systemd[1]: kept, the kernel has it',
      'text alone: kept',
    ].join('\n');
    const kept = `${log
      .split('\n')
      .filter((line) => line.includes('kept'))
      .join('\n')}\n`;
    for (const size of [1, 7, 64, 10_000]) {
      const chunks = Array.from({ length: Math.ceil(log.length / size) }, (_, at) =>
        log.slice(at * size, (at + 1) * size),
      );
      expect(sift(chunks)).toEqual({ text: kept, cut: false });
    }
  });

  test('keeps the end of what is too long, from a whole line on', () => {
    const chunks = Array.from({ length: 10 }, (_, at) => `line ${at}\nline ${at}b\n`);
    const { text, cut } = sift(chunks, 40);
    expect(cut).toBe(true);
    expect(text).toBe('line 8\nline 8b\nline 9\nline 9b\n');
  });

  test('a line without an end is held in bounded memory', () => {
    const { text, cut } = sift(
      Array.from({ length: 64 }, () => 'x'.repeat(1 << 19)),
      4 << 20,
    );
    expect(cut).toBe(true);
    expect(text.length).toBeLessThanOrEqual(4 << 20);
  });
});
