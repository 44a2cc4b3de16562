import { RecentCache } from '../base/index.ts';
import type { Evidence } from './evidence.ts';
import { sameEvidence } from './same-evidence.ts';
import { judge, type Verdict } from './verdict.ts';

interface Judged {
  readonly evidence: Required<Evidence>;
  readonly verdict: Verdict;
}

/** Verdicts on the runs of one scenario. Thousands of runs end in a few ways, and each way is judged once. */
export class Verdicts {
  readonly #judged = new RecentCache<Judged>(64);

  /** The verdict of `judge` without a ledger. Evidence of another run that is the same has the same verdict. */
  on(evidence: Required<Evidence>, allowed: readonly string[]): Verdict {
    return this.#judged.get(
      (judged) => judged.verdict.allowed === allowed && sameEvidence(evidence, judged.evidence),
      () => ({ evidence, verdict: judge(evidence, allowed) }),
    ).verdict;
  }
}
