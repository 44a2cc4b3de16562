import type { ReferenceChange } from '../partition/index.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './rule.ts';
import { rules } from './rules/index.ts';

export type Outcome = 'safe' | 'stale' | 'damaged';

export interface Verdict {
  /** `damaged` if anything is, else `stale` if anything is, else `safe`; warnings and allowed findings do not count. */
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  /** Rules that the user said not to count; their findings are listed all the same. */
  readonly allowed: readonly string[];
}

/**
 * Applies every rule to the evidence.
 * @param ledger where counts can be seen: findings then name holders, and the steps at which references came and went
 */
export function judge(
  evidence: Evidence,
  allowed: readonly string[] = [],
  ledger: readonly ReferenceChange[] = [],
): Verdict {
  const findings: Finding[] = [];
  for (const rule of rules) {
    for (const found of rule.check(evidence, ledger)) {
      findings.push({ rule: rule.name, severity: rule.severity, ...found });
    }
  }
  const counted = findings.filter((finding) => !allowed.includes(finding.rule));
  const has = (severity: Finding['severity']) => counted.some((finding) => finding.severity === severity);
  return { outcome: has('damage') ? 'damaged' : has('stale') ? 'stale' : 'safe', findings, allowed };
}
