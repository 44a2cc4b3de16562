import { describe, expect, test } from 'vitest';
import { judge, rules } from '../../src/verdict/index.ts';
import { observation, traced } from './evidence.ts';

const freed = traced('refcount_t: addition on 0; use-after-free.', 'kobject_get', 'of_node_get');

/** The advice on a use after free, on a kernel with a release. */
const advice = (release: string, lines: readonly string[] = freed) =>
  judge({
    after: observation({ lines, platform: { kind: 'capture', release, policy: '', description: '' } }),
  }).findings.find(({ rule }) => rule === 'use-after-free')?.advice;

describe('whether this kernel has the fix', () => {
  test.each([
    [
      '5.15.2',
      /^fixed in 5\.16, stable 5\.10\.145, 5\.15\.3 \(319fa1a52e43\): .*; this kernel \(5\.15\.2\) lacks it$/,
    ],
    ['5.15.3', /^this kernel \(5\.15\.3\) has the known fix, 5\.16 \(319fa1a52e43\)/],
    ['6.12.30', /^this kernel \(6\.12\.30\) has the known fix/],
    ['5.15.0-rc5-00123-gabcdef', /this kernel \(5\.15\.0-rc5-00123-gabcdef\) is older$/],
    ['', /^fixed in [^;]*$/],
  ])('%s', (release, said) => {
    expect(advice(release)).toMatch(said);
  });

  test.each([
    [
      '4.18.0-553.16.1.el8_10.ppc64le',
      'Red Hat Enterprise Linux 8.10 or a clone',
      'rpm -q --changelog kernel-core',
    ],
    ['5.14.0-427.13.1.el9_4.ppc64le', 'Red Hat Enterprise Linux 9.4 or a clone', 'rpm -q'],
    ['5.14.0-503.el9.ppc64le', 'Red Hat Enterprise Linux 9 or a clone', 'rpm -q'],
    ['5.3.18-150300.59.90-default', 'SUSE Linux Enterprise 15 SP3', 'rpm -q --changelog kernel-default'],
    ['5.14.21-150400.71.1.bz196362_2-default', 'SUSE Linux Enterprise 15 SP4', 'rpm -q'],
    ['5.14.21-150500.55.7-default', 'SUSE Linux Enterprise 15 SP5', 'rpm -q'],
    ['4.12.14-197.29-default', 'SUSE', 'rpm -q'],
    ['5.15.0-91-generic', 'Ubuntu', 'apt changelog'],
    ['5.10.0-28-powerpc64le', 'Debian', 'apt changelog'],
  ])('%s: of a vendor', (release, vendor, changelog) => {
    expect(advice(release)).toContain(
      `; this kernel (${release}) is of ${vendor}, whose backports are not known: look for the commit in its changelog (${changelog}`,
    );
  });

  test('a kernel of a vendor that is newer than the fix has it', () => {
    expect(advice('6.12.0-55.el10.ppc64le')).toMatch(/has the known fix/);
    expect(advice('6.12.0-160000.5-default')).toMatch(/has the known fix/);
  });
});

test("the release is that of the fault's report, or of the boot before it, and not that of the machine now", () => {
  const own = [...freed.slice(0, 2), 'CPU: 3 PID: 77 Comm: cat Not tainted 5.15.1 #1', ...freed.slice(2)];
  expect(advice('6.12.0', own)).toContain('this kernel (5.15.1) lacks it');
  expect(advice('6.12.0', ['Linux version 5.15.2 (x)', ...freed])).toContain('this kernel (5.15.2) lacks it');
});

test('a run of our own gets no advice, and where nothing is known nothing is said', () => {
  const own = judge({ after: observation({ lines: freed }), outcomes: [] });
  expect(own.findings.every(({ advice }) => advice === undefined)).toBe(true);
  const stalled = judge({
    after: observation({ lines: ['INFO: task drmgr:99 blocked for more than 120 seconds.'] }),
  });
  expect(stalled.findings.map(({ rule, advice }) => [rule, advice])).toContainEqual([
    'kernel-stalled',
    undefined,
  ]);
});

test('every fix has a commit, a release and stable branches that are older', () => {
  for (const { fixedIn } of rules)
    for (const { since, stable, what } of fixedIn) {
      expect(since).toMatch(/^\d+\.\d+$/);
      for (const release of stable) expect(release).toMatch(/^\d+\.\d+\.\d+$/);
      expect(what).toMatch(/^the kernel /);
    }
});
