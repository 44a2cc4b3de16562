import type { ReferenceChange } from '../partition/index.ts';
import type { Evidence } from './evidence.ts';
import type { Fix } from './fixes.ts';

/**
 * What a finding means for the partition.
 * - `damage`: memory, tree or devices are broken
 * - `stale`: nothing is broken, but the partition uses values of its old server
 * - `warning`: to be checked; harmless by itself
 */
export type Severity = 'damage' | 'stale' | 'warning';

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** Path of the node (property after a colon), device or file that it is about. */
  readonly subject: string;
  /** One line: what is wrong. */
  readonly message: string;
  /** Log lines, values or holders that show it; one line each. */
  readonly evidence: readonly string[];
  /** Index in the log of `Evidence.after` of the line that shows it. */
  readonly logAt?: number;
  /** Fixes of this very defect, where they are known; otherwise those of the rule apply. */
  readonly fixedIn?: readonly Fix[];
  /** What is known of its fix, and whether this kernel has it; absent in runs of our own, and where nothing is known. */
  readonly advice?: string;
}

/** One defect that a partition can have. */
export interface Rule {
  /** Kebab-case, stable: users name it in `--allow`. */
  readonly name: string;
  readonly severity: Severity;
  /** For tables and help, singular: `dangling link`. */
  readonly title: string;
  /** Why it matters, for a reader without context. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Changes of the kernel that keep it from happening; empty where none is known. */
  readonly fixedIn: readonly Fix[];
  /** @param ledger changes of reference counts, if they are visible; it adds holders and steps to findings */
  check(evidence: Evidence, ledger: readonly ReferenceChange[]): readonly RuleFinding[];
}

/** A finding as a rule returns it; `judge` adds name, severity and advice. */
export type RuleFinding = Omit<Finding, 'rule' | 'severity'>;
