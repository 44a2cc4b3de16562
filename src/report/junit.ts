import { type Finding, rules, type Verdict } from '../verdict/index.ts';
import type { DriverAuditRow } from './text/driver-audit.ts';

/** A verdict with a unique name. */
export interface NamedVerdict {
  /** Such as the scenario's name. */
  readonly name: string;
  readonly verdict: Verdict;
}

/** A test case, which failed or passed. */
export interface JunitCase {
  readonly name: string;
  readonly failure?: { readonly type: string; readonly message: string };
  /** The details of a failure, or the output of a passed case. */
  readonly text?: string;
}

/** A test suite. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/**
 * Verdicts as JUnit XML: a suite for each verdict, a case for each rule, a failure for each rule with findings that
 * count. Warnings and allowed rules pass; their findings are in `system-out`.
 */
export function verdictsToJunit(judged: readonly NamedVerdict[]): string {
  return toJunit(judged.map(({ name, verdict }) => ({ name, cases: casesOf(verdict) })));
}

function casesOf({ findings, allowed }: Verdict): readonly JunitCase[] {
  return rules.map(({ name, severity, title }) => {
    const found = findings.filter((finding) => finding.rule === name);
    if (found.length === 0) return { name };
    const counts = severity !== 'warning' && !allowed.includes(name);
    const failure = { type: severity, message: `${found.length} × ${title}` };
    return { name, text: found.map(describe).join('\n'), ...(counts && { failure }) };
  });
}

/**
 * An audit of drivers as JUnit XML: a suite for each device, named after the scenario; a case for each property, a
 * failure for each property whose old value the driver keeps.
 */
export function driverAuditToJunit(name: string, audits: readonly DriverAuditRow[]): string {
  const devices = Array.from(new Set(audits.map(({ device }) => device)));
  return toJunit(
    devices.map((device) => ({
      name: `${name} ${device}`,
      cases: audits.filter((audit) => audit.device === device).map(caseOf),
    })),
  );
}

function caseOf({ property: name, driver, onUpdate, failed, requests, log }: DriverAuditRow): JunitCase {
  const details = [
    ...(requests > 0 ? [`${failed} of ${requests} requests failed`] : []),
    ...log.map((line) => `  ${line}`),
  ];
  if (onUpdate === 'kept old') {
    const message = `${driver ?? 'no driver'} reads it only at probe: after an update it keeps the old value`;
    return { name, failure: { type: 'stale', message }, text: details.join('\n') };
  }
  return { name, text: [`on update: ${onUpdate}`, ...details].join('\n') };
}

/** Test suites as JUnit XML. */
export function toJunit(suites: readonly JunitSuite[]): string {
  const tests = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const failures = suites.reduce((sum, one) => sum + failed(one), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${tests}" failures="${failures}">`,
    ...suites.flatMap(linesOf),
    '</testsuites>',
    '',
  ].join('\n');
}

function failed({ cases }: JunitSuite): number {
  return cases.filter(({ failure }) => failure !== undefined).length;
}

function linesOf(suite: JunitSuite): readonly string[] {
  const lines = suite.cases.map(({ name, failure, text }) => {
    const open = `    <testcase classname="${xml(suite.name)}" name="${xml(name)}"`;
    if (failure) {
      const { type, message } = failure;
      return `${open}><failure type="${xml(type)}" message="${xml(message)}">${xml(text ?? '')}</failure></testcase>`;
    }
    return text === undefined ? `${open}/>` : `${open}><system-out>${xml(text)}</system-out></testcase>`;
  });
  const { length } = suite.cases;
  const open = `  <testsuite name="${xml(suite.name)}" tests="${length}" failures="${failed(suite)}">`;
  return [open, ...lines, '  </testsuite>'];
}

function describe({ subject, message, evidence }: Finding): string {
  return [`${subject}: ${message}`, ...evidence.map((line) => `  ${line}`)].join('\n');
}

/** Escapes text for XML 1.0; characters that it does not allow become U+FFFD. */
function xml(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => named[character] ?? character);
}
