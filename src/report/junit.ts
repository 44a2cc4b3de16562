import { type Finding, rules, type Verdict } from '../verdict/index.ts';

/** Something that was judged, under the name that tells it from others. */
interface Judged {
  /** Such as the scenario's name. */
  readonly name: string;
  readonly verdict: Verdict;
}

/**
 * Verdicts as JUnit XML: one suite for each thing that was judged, one case per rule, a failure for each rule that found
 * something that counts. Warnings and allowed rules pass, with what they found in `system-out`.
 */
export function verdictsToJunit(judged: readonly Judged[]): string {
  const suites = judged.map(suite);
  const failures = suites.reduce((sum, one) => sum + one.failures, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${rules.length * suites.length}" failures="${failures}">`,
    ...suites.flatMap((one) => one.lines),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ name, verdict }: Judged): { readonly failures: number; readonly lines: readonly string[] } {
  const cases = rules.map((rule) => {
    const found = verdict.findings.filter((finding) => finding.rule === rule.name);
    const counts = rule.severity !== 'warning' && !verdict.allowed.includes(rule.name);
    return { rule, found, failed: counts && found.length > 0 };
  });
  const failures = cases.filter((one) => one.failed).length;
  const lines = cases.map(({ rule, found, failed }) => {
    const open = `    <testcase classname="${xml(name)}" name="${xml(rule.name)}"`;
    if (found.length === 0) return `${open}/>`;
    const text = xml(found.map(describe).join('\n'));
    const body = failed
      ? `<failure type="${rule.severity}" message="${xml(`${found.length} × ${rule.title}`)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
    return `${open}>${body}</testcase>`;
  });
  const open = `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${failures}">`;
  return { failures, lines: [open, ...lines, '  </testsuite>'] };
}

function describe({ subject, message, evidence }: Finding): string {
  return [`${subject}: ${message}`, ...evidence.map((line) => `  ${line}`)].join('\n');
}

/** Escapes for text and attributes, and drops what XML 1.0 cannot hold at all. */
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
