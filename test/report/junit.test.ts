import { expect, test } from 'vitest';
import { driverAuditToJunit, verdictsToJunit } from '../../src/report/index.ts';
import { rules } from '../../src/verdict/index.ts';

const finding = { subject: '/a', message: 'broken <here> & there', evidence: ['"quoted"'] };

test('one case per rule; a rule with findings fails', () => {
  const findings = [{ rule: 'dangling-link', severity: 'damage' as const, ...finding }];
  const xml = verdictsToJunit([{ name: 'story', verdict: { outcome: 'damaged', findings, allowed: [] } }]);
  expect(xml).toContain(`<testsuites tests="${rules.length}" failures="1">`);
  expect(xml.match(/<testcase /g)).toHaveLength(rules.length);
  expect(xml).toContain(
    '<failure type="damage" message="1 × dangling link">/a: broken &lt;here&gt; &amp; there\n  &quot;quoted&quot;</failure>',
  );
});

test('warnings and allowed rules pass, with their findings in the output', () => {
  const findings = [
    { rule: 'failed-lookup', severity: 'warning' as const, ...finding },
    { rule: 'dangling-link', severity: 'damage' as const, ...finding },
  ];
  const xml = verdictsToJunit([
    { name: 'story', verdict: { outcome: 'safe', findings, allowed: ['dangling-link'] } },
  ]);
  expect(xml).toContain('failures="0"');
  expect(xml.match(/<system-out>/g)).toHaveLength(2);
});

test('characters that XML does not allow are replaced', () => {
  const findings = [
    {
      rule: 'dangling-link',
      severity: 'damage' as const,
      subject: '\u0000\u001b]\ud800',
      message: '</failure>',
      evidence: [],
    },
  ];
  const xml = verdictsToJunit([{ name: 'a"b', verdict: { outcome: 'damaged', findings, allowed: [] } }]);
  expect(xml).not.toMatch(/[\u0000\u001b\ud800]/);
  expect(xml).toContain('&lt;/failure&gt;');
  expect(xml).toContain('classname="a&quot;b"');
});

test('several verdicts are several suites', () => {
  const findings = [{ rule: 'dangling-link', severity: 'damage' as const, ...finding }];
  const xml = verdictsToJunit([
    { name: 'one', verdict: { outcome: 'damaged', findings, allowed: [] } },
    { name: 'other', verdict: { outcome: 'safe', findings: [], allowed: [] } },
  ]);
  expect(xml).toContain(`<testsuites tests="${2 * rules.length}" failures="1">`);
  expect(xml.match(/<testsuite name="(one|other)"/g)).toHaveLength(2);
});

test('an audit of drivers: a suite for each device, a case for each property, a failure for each kept old', () => {
  const audit = { driver: 'd', atProbe: true, failed: 3, requests: 20, log: ['d a: <odd>'] };
  const xml = driverAuditToJunit('story', [
    { ...audit, device: 'a', property: 'status', onUpdate: 'kept old' },
    { ...audit, device: 'a', property: 'limit', onUpdate: 'takes effect', log: [], requests: 0 },
    { ...audit, device: 'b', property: 'status', onUpdate: 'no matter', driver: null, log: [] },
  ]);
  expect(xml).toContain('<testsuites tests="3" failures="1">');
  expect(xml.match(/<testsuite name=.*>/g)).toEqual([
    '<testsuite name="story a" tests="2" failures="1">',
    '<testsuite name="story b" tests="1" failures="0">',
  ]);
  expect(xml).toContain(
    '<testcase classname="story a" name="status"><failure type="stale" ' +
      'message="d reads it only at probe: after an update it keeps the old value">' +
      '3 of 20 requests failed\n  d a: &lt;odd&gt;</failure></testcase>',
  );
  expect(xml).toContain('name="limit"><system-out>on update: takes effect</system-out></testcase>');
});
