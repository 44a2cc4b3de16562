import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { audit, readCapture, writeCapture } from '../../src/field/index.ts';
import { auditToJson, readAudit, summaryToText } from '../../src/report/index.ts';
import { type Audit, rules, summaryOf } from '../../src/verdict/index.ts';
import { folder, machine } from './machine.ts';

const BOOT = '[Wed Oct 20 12:34:50 2021] Linux version 5.3.18-150300.59.90-default (geeko@buildhost) #1 SMP';
const MOVED = `[Wed Oct 20 12:39:50 2021] mobility: removing node /ibm,platform-facilities/ibm,random-v1:4294967285
[Wed Oct 20 12:39:52 2021] mobility: added node /ibm,platform-facilities:4294967286`;
const FREED = '[Wed Oct 20 12:39:55 2021] refcount_t: addition on 0; use-after-free.';

async function audited(log: string, allow: readonly string[] = []): Promise<Audit> {
  const path = join(folder(), 'dmesg.txt');
  writeFileSync(path, log);
  return audit(await readCapture(path), { allow });
}

describe('the summary of an audit', () => {
  test('says what happened and when, that it is damaged, what to do, and which kernel prevents it', async () => {
    const result = await audited([BOOT, MOVED, FREED].join('\n'));
    expect(summaryOf(result)).toMatchObject({
      outcome: 'damaged',
      happened: [
        { when: '2021-10-20 12:34:50', what: 'the partition was booted' },
        { when: '2021-10-20 12:39:50', what: expect.stringMatching(/^migration 1: the partition moved; /) },
      ],
      restart: 'yes',
      actions: [expect.stringMatching(/^Restart the partition/)],
      fixes: [{ what: 'use-after-free warning', fixedIn: expect.stringContaining('5.16') }],
    });
    const text = summaryToText(result);
    expect(text).toMatch(/^happened {4}2021-10-20 12:34:50: the partition was booted$/m);
    expect(text).toMatch(/^damaged {5}yes: 1 use-after-free warning$/m);
    expect(text).toMatch(/^restart {5}yes$/m);
    expect(text).toMatch(/^fixed in {4}use-after-free warning: fixed in 5.16/m);
  });

  test('what is allowed is named, and needs no restart', async () => {
    const result = await audited([BOOT, FREED].join('\n'), ['use-after-free', 'use-after-free-elsewhere']);
    const { outcome, findings, allowed, restart } = summaryOf(result);
    expect({ outcome, findings, restart }).toEqual({
      outcome: 'inconclusive',
      findings: [],
      restart: 'unknown',
    });
    expect(allowed).toEqual([expect.stringMatching(/^1 use-after-free/)]);
    expect(summaryToText(result)).toMatch(/; allowed: 1\s+use-after-free/);
  });

  test('without evidence the answers are unknown, and what to provide is named', async () => {
    const result = await audited(
      '########## Jul 18 14:29:39 2019 ##########\ndrmgr: -m -c pmig -p pre -s 0xd7\nKernel migration returned 95\n',
    );
    expect(summaryOf(result)).toMatchObject({
      outcome: 'inconclusive',
      happened: [{ when: '2019-07-18 14:29:39', what: expect.stringContaining('did not move') }],
      restart: 'unknown',
    });
    expect(summaryToText(result)).toMatch(/^do {10}provide the device tree: /m);
    const noLog = {
      ...result,
      observation: { ...result.observation, log: [] },
      story: { migrations: [], others: [], lines: 0 },
    };
    expect(summaryOf(noLog).happened).toEqual([{ what: 'unknown: there is no kernel log' }]);
  });

  test('a partition that is safe needs nothing', async () => {
    const result = await audited([BOOT, MOVED].join('\n'));
    const safe = { ...result, verdict: { outcome: 'safe', findings: [], allowed: [] } as const };
    expect(summaryToText(safe)).toMatch(/^damaged {5}no\nrestart {5}no\ndo {10}nothing$/m);
  });

  test('a value that can be written needs no restart', async () => {
    const result = await audited([BOOT, MOVED].join('\n'));
    const finding = { severity: 'stale', subject: '/a:b', message: 'm', evidence: [] } as const;
    const stale = (...names: string[]) =>
      summaryOf({
        ...result,
        verdict: { outcome: 'stale', allowed: [], findings: names.map((rule) => ({ rule, ...finding })) },
      }).restart;
    expect([stale('stale-property'), stale('stale-property', 'kept-node')]).toEqual(['no', 'yes']);
  });

  test('never has more than 20 lines of 78 columns, whatever was found', async () => {
    const result = await audited(
      [BOOT, ...Array.from({ length: 9 }, () => [MOVED, FREED, BOOT].join('\n'))].join('\n'),
    );
    const findings = rules.map(({ name, severity }) => ({
      rule: name,
      severity,
      subject: 'x',
      message: 'm',
      evidence: [],
    }));
    const name = `/a/very/long/path/${'x'.repeat(100)}\u001b[2J`;
    const text = summaryToText({ ...result, name, verdict: { outcome: 'damaged', allowed: [], findings } });
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
    expect(text).toContain('earlier boots and migrations: ');
    expect(text).not.toContain('\u001b');
  });

  test('is in the JSON, and comes back from it', async () => {
    const path = join(folder(), 'c.tar.gz');
    writeFileSync(path, writeCapture({ root: await machine(), by: 'test' }).bytes);
    const result = audit(await readCapture(path));
    const json = JSON.parse(JSON.stringify(auditToJson(result)));
    expect(readAudit(json).summary).toEqual(summaryOf(result));
    const { summary: _, ...older } = json;
    expect(readAudit(older).summary).toBeUndefined();
  });
});
