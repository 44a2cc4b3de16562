import type { PageDocument, PageRun } from '../../src/report/page/document.ts';

/** What was found about a node, in a word or two. */
export interface NodeFindings {
  /** Of the worst of them. */
  readonly severity: PageRun['findings'][number]['severity'];
  /** Titles of their rules, the worst first: `lost node`, `dangling link`. */
  readonly titles: readonly string[];
}

const ranks = ['damage', 'stale', 'warning'] as const;

/**
 * What has been found about each node by a moment; a finding of which the moment is not known is one of the end. What
 * the user said does not count is left to the verdict.
 */
export function findingsAt(
  { findings, events }: PageRun,
  rules: PageDocument['rules'],
  t: number,
): ReadonlyMap<number, NodeFindings> {
  const last = events.length - 1;
  const found = new Map<number, NodeFindings>();
  const worstFirst = [...findings].sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity));
  for (const { node, rule, severity, allowed, event = last } of worstFirst) {
    if (node === undefined || allowed || event > t) continue;
    const known = found.get(node);
    const title = rules[rule]?.title ?? rule;
    if (!known) found.set(node, { severity, titles: [title] });
    else if (!known.titles.includes(title)) found.set(node, { ...known, titles: [...known.titles, title] });
  }
  return found;
}
