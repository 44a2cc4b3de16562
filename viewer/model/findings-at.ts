import type { PageDocument, PageRun } from '../../src/report/page/document.ts';
import type { RunHistory } from './history.ts';

/** The findings about a node, for its label. */
export interface NodeFindings {
  /** The severest of them. */
  readonly severity: PageRun['findings'][number]['severity'];
  /** Titles of their rules, the severest first: `lost node`, `dangling link`. */
  readonly titles: readonly string[];
}

const ranks = ['damage', 'stale', 'warning'] as const;

/**
 * The findings about each node, by its number, that exist at a point of the time line. A finding without an event exists
 * only at the end. Findings of allowed rules are not included; the verdict lists them.
 * @param t index of the current event
 */
export function findingsAt(
  { run, last, positions }: RunHistory,
  rules: PageDocument['rules'],
  t: number,
): ReadonlyMap<number, NodeFindings> {
  const found = new Map<number, NodeFindings>();
  const worstFirst = [...run.findings].sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity));
  for (const { node, rule, severity, allowed, event } of worstFirst) {
    const start = (event === undefined ? undefined : positions.get(event)) ?? last;
    if (node === undefined || allowed || start > t) continue;
    const known = found.get(node);
    const title = rules[rule]?.title ?? rule;
    if (!known) found.set(node, { severity, titles: [title] });
    else if (!known.titles.includes(title)) found.set(node, { ...known, titles: [...known.titles, title] });
  }
  return found;
}
