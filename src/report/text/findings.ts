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
      ...(remedies ? remedyLines(rule, found, paint) : []),
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

function remedyLines({ remedy }: Rule, found: readonly Finding[], paint: Paint): readonly string[] {
  const advice = new Set(found.flatMap((finding) => finding.advice ?? []));
  return [
    ...wrap(`do: ${remedy}`, 74).map((line) => `    ${paint.green(line)}`),
    ...Array.from(advice).flatMap((text) =>
      wrap(printable(text), 74).map((line) => paint.dim(`    ${line}`)),
    ),
  ];
}

/**
 * The verdict in one line, for the end of the output.
 * @param clean what follows `safe` when no finding counts
 */
export function conclusion(
  { findings: all, allowed, outcome, missing }: Verdict,
  paint: Paint,
  clean = ': every property has its destination value, no damage found',
): string {
  const counts = countByRule(all.filter((found) => !allowed.includes(found.rule)));
  const permitted = countByRule(all.filter((found) => allowed.includes(found.rule)));
  const exception = permitted === '' ? '' : `; allowed: ${permitted}`;
  switch (outcome) {
    case 'safe':
      if (permitted !== '')
        return `${paint.green('safe')} except allowed: ${permitted}${counts === '' ? '' : `; ${counts}`}`;
      return `${paint.green('safe')}${counts === '' ? clean : `: ${counts}`}`;
    case 'inconclusive':
      return `${paint.yellow('inconclusive')}: no damage found${counts === '' ? '' : ` (${counts})`}${exception}; missing: ${missingText(missing)}`;
    case 'stale':
      return `${paint.yellow('no damage, but stale')}: ${counts}${exception}`;
    case 'damaged':
      return `${paint.red('damaged')}: ${counts}${exception}`;
  }
}

/** `3 use-after-free warnings, 1 lost node` */
function countByRule(found: readonly Finding[]): string {
  return rules
    .flatMap((rule) => {
      const count = found.filter((one) => one.rule === rule.name).length;
      return count === 0 ? [] : [plural(count, rule.title)];
    })
    .join(', ');
}

/** What is missing, each with how to get it. */
function missingText(missing: Verdict['missing'] = []): string {
  return missing.map(({ what, remedy }) => `${printable(what)}: ${remedy}`).join('; ');
}
