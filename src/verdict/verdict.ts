import type { ReferenceChange } from '../partition/index.ts';
import { adviceOn } from './advice.ts';
import type { Evidence } from './evidence.ts';
import { type MissingEvidence, missingEvidence } from './missing.ts';
import type { Finding } from './rule.ts';
import { rules } from './rules/index.ts';

export type Outcome = 'safe' | 'stale' | 'damaged' | 'inconclusive';

export interface Verdict {
  /**
   * `damaged` if anything is, else `stale` if anything is, else `inconclusive` if evidence is missing that `safe` needs, else
   * `safe`; warnings and allowed findings do not count.
   */
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  /** Rules that the user said not to count; their findings are listed all the same. */
  readonly allowed: readonly string[];
  /** What `safe` would need; present where something is missing, whatever the outcome. */
  readonly missing?: readonly MissingEvidence[];
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
      const advice = evidence.outcomes
        ? undefined
        : adviceOn(found.fixedIn ?? rule.fixedIn, evidence, found.logAt);
      findings.push({
        rule: rule.name,
        severity: rule.severity,
        ...found,
        ...(advice !== undefined && { advice }),
      });
    }
  }
  const missing = missingEvidence(evidence);
  return {
    outcome: outcomeOf(findings, allowed, missing),
    findings,
    allowed,
    ...(missing.length > 0 && { missing }),
  };
}

function outcomeOf(
  findings: readonly Finding[],
  allowed: readonly string[],
  missing: readonly MissingEvidence[],
): Outcome {
  const counted = findings.filter((finding) => !allowed.includes(finding.rule));
  const has = (severity: Finding['severity']) => counted.some((finding) => finding.severity === severity);
  if (has('damage')) return 'damaged';
  if (has('stale')) return 'stale';
  return missing.length > 0 ? 'inconclusive' : 'safe';
}
