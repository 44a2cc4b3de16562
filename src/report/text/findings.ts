import { plural, printable } from '../../base/index.ts';
import { type Finding, type Rule, rules, type Verdict } from '../../verdict/index.ts';
import type { Paint } from './paint.ts';
import { wrap } from './wrap.ts';

/** The mark of a rule's severity. */
export const severityMark = {
  damage: (paint: Paint) => paint.red('✗'),
  stale: (paint: Paint) => paint.yellow('~'),
  warning: (paint: Paint) => paint.dim('!'),
} as const;

/**
 * Findings grouped by rule, the severest first, each rule with its explanation.
 * @param remedies whether to add what to do, and the releases in which the defect is fixed
 */
export function findingLines(
  { findings: all, allowed }: Verdict,
  paint: Paint,
  { remedies = false }: { readonly remedies?: boolean } = {},
): readonly string[] {
  return rules.flatMap((rule) => {
    const found = all.filter((finding) => finding.rule === rule.name);
    if (found.length === 0) return [];
    const suffix = allowed.includes(rule.name) ? paint.dim(' (allowed)') : '';
    return [
      `${severityMark[rule.severity](paint)} ${paint.bold(plural(found.length, rule.title))} ${paint.dim(`[${rule.name}]`)}${suffix}`,
      ...wrap(rule.why, 74).map((line) => paint.dim(`    ${line}`)),
      ...found.flatMap(oneFinding),
      ...(remedies ? remedyLines(rule, paint) : []),
    ];
  });
}

function oneFinding({ subject, message, evidence }: Finding): readonly string[] {
  return [
    `    ${printable(subject)}`,
    ...wrap(printable(message), 72).map((line) => `      ${line}`),
    ...evidence.flatMap((line) => wrap(printable(line), 70).map((part) => `        ${part}`)),
  ];
}

function remedyLines({ remedy, fixedIn }: Rule, paint: Paint): readonly string[] {
  return [
    ...wrap(`do: ${remedy}`, 74).map((line) => `    ${paint.green(line)}`),
    ...wrap(`fixed in: ${fixedIn ?? 'no release up to 7.2'}`, 74).map((line) => paint.dim(`    ${line}`)),
  ];
}

/**
 * The verdict in one line, for the end of the output.
 * @param clean what follows `safe` when no finding counts
 */
export function conclusion(
  { findings: all, allowed, outcome }: Verdict,
  paint: Paint,
  clean = ': every property has its destination value, no damage found',
): string {
  const counted = all.filter((found) => !allowed.includes(found.rule));
  const parts = rules.flatMap((rule) => {
    const count = counted.filter((found) => found.rule === rule.name).length;
    return count === 0 ? [] : [plural(count, rule.title)];
  });
  const details = parts.length > 0 ? `: ${parts.join(', ')}` : clean;
  if (outcome === 'safe') return `${paint.green('safe')}${details}`;
  if (outcome === 'stale') return `${paint.yellow('no damage, but stale')}${details}`;
  return `${paint.red('damaged')}${details}`;
}
