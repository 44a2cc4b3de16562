import type { PageEvent } from '../../src/report/page/document.ts';

export const lanes = ['firmware', 'mobility', 'of', 'vio', 'driver', 'client', 'log'] as const;
export type Lane = (typeof lanes)[number];

export interface EventFilter {
  readonly hidden: ReadonlySet<Lane>;
  /** Whether every reference taken and given back is shown, and every line of a call trace. */
  readonly detail: boolean;
}

export function isDetail({ kind }: PageEvent): boolean {
  return kind === 'get' || kind === 'put' || kind === 'trace';
}

/** Indices of the moments that a filter lets through. */
export function visibleEvents(moments: readonly PageEvent[], { hidden, detail }: EventFilter): number[] {
  const visible: number[] = [];
  for (const [at, moment] of moments.entries()) {
    if (!hidden.has(moment.lane) && (detail || !isDetail(moment))) visible.push(at);
  }
  return visible;
}

/** What to jump to: where the tree changes, and where something goes wrong. */
export function isSignificant({ kind, weight }: PageEvent): boolean {
  return (
    weight === 'bad' ||
    /^(?:attach|detach|release|(?:un)?bind|(?:un)?register|notify|.*-property)$/.test(kind)
  );
}
