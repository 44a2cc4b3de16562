import type { PageEvent } from '../../src/report/page/document.ts';

/** The lanes of the time line, from top to bottom. */
export const lanes = ['firmware', 'mobility', 'of', 'vio', 'driver', 'client', 'log'] as const;
/** One of `lanes`. */
export type Lane = (typeof lanes)[number];

/** The choice of events to show. */
export interface EventFilter {
  readonly hidden: ReadonlySet<Lane>;
  /** Whether reference changes and the lines of call traces are shown. */
  readonly detail: boolean;
}

/** Whether an event is shown only on request. */
export function isDetail({ kind }: PageEvent): boolean {
  return kind === 'get' || kind === 'put' || kind === 'trace';
}

/** Indices of the events that pass a filter. */
export function visibleEvents(events: readonly PageEvent[], { hidden, detail }: EventFilter): number[] {
  const visible: number[] = [];
  for (const [at, event] of events.entries()) {
    if (!hidden.has(event.lane) && (detail || !isDetail(event))) visible.push(at);
  }
  return visible;
}

/** Whether the event changes the tree, a device or a driver, or is an error: the keys j and k go to these. */
export function isSignificant({ kind, weight }: PageEvent): boolean {
  return (
    weight === 'bad' ||
    /^(?:attach|detach|release|(?:un)?bind|(?:un)?register|notify|.*-property)$/.test(kind)
  );
}
