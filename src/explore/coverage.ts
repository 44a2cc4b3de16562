import { defineMemo, RunCache } from '../base/index.ts';
import type { CallListener, PlayResult } from '../migration/index.ts';
import { findRtasFunction, STATUS_MORE, statusName } from '../papr/index.ts';
import type { Verdict } from '../verdict/index.ts';

/**
 * Collects the coverage of one run: a short text for each kind of event that occurred. The coverage shows what a search without
 * failures has tested.
 */
export class CoverageCollector implements CallListener {
  readonly seen = new Set<string>();
  readonly #cache: RunCache;

  /** @param cache shared by the runs of a search; absent: its own */
  constructor(cache = new RunCache()) {
    this.#cache = cache;
  }

  onCall(name: string, status: number, area: () => Uint8Array): void {
    const known = findRtasFunction(name);
    if (status === 0 || known?.answeredBy !== 'firmware') return;
    if (status === STATUS_MORE) {
      for (const each of known.workArea?.describeContinuation?.(area()) ?? []) this.seen.add(each);
    } else if (status < 0 || status >= 9900) {
      this.seen.add(`${name}: ${statusName(name, status) ?? `status ${status}`}`);
    }
  }

  /** Adds the events that are known only at the end of the run. */
  finish({ verdict, notes, evidence }: PlayResult): ReadonlySet<string> {
    for (const rule of this.#cache.get(rulesOf, verdict)) this.seen.add(rule);
    for (const { kind } of notes) this.seen.add(`reconciler: ${kind}`);
    for (const { clients } of evidence.outcomes) {
      for (const { failed } of clients)
        for (const errno of Object.keys(failed)) this.seen.add(`client got ${errno}`);
    }
    return this.seen;
  }
}

const rulesOf = defineMemo(
  ({ findings }: Verdict): ReadonlySet<string> => new Set(findings.map(({ rule }) => `rule ${rule}`)),
);

/** Adds events, or counts of events, to counts. */
export function addCoverage(
  into: Map<string, number>,
  from: Iterable<string | readonly [string, number]>,
): void {
  for (const each of from) {
    const [what, times] = typeof each === 'string' ? [each, 1] : each;
    into.set(what, (into.get(what) ?? 0) + times);
  }
}
