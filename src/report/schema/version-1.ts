import type { Run } from '../../verdict/index.ts';

type WithoutId<T> = T extends readonly (infer Item)[] ? readonly Omit<Item, 'id'>[] : never;

/** A run of version 1: calls and events have no ids, and `faultCounts` is named `strikes`. */
export interface RunVersion1 extends Omit<Run, 'migrations' | 'events' | 'faultCounts'> {
  readonly strikes?: readonly number[];
  readonly migrations: readonly (Omit<Run['migrations'][number], 'calls'> & {
    readonly calls: WithoutId<Run['migrations'][number]['calls']>;
  })[];
  readonly events: WithoutId<Run['events']>;
}

/**
 * Numbers calls and events in their order, and links them by it: the first event of an RTAS call is about the first call.
 * That holds only if there are as many of one as of the other; if not, there are no links.
 */
export function fromVersion1({ strikes, ...run }: RunVersion1): Run {
  let calls = 0;
  const migrations = run.migrations.map((migration) => ({
    ...migration,
    calls: migration.calls.map((call) => ({ id: calls++, ...call })),
  }));
  const isCall = (kind: string) => kind === 'rtas';
  const isChange = (kind: string) => kind === 'get' || kind === 'put';
  const linksCalls = run.events.filter(({ kind }) => isCall(kind)).length === calls;
  const changes = run.events.flatMap(({ kind }, id) => (isChange(kind) ? [id] : []));
  const linksChanges = changes.length === run.ledger.length;
  let call = 0;
  return {
    ...run,
    ...(strikes && { faultCounts: strikes }),
    migrations,
    events: run.events.map((event, id) =>
      linksCalls && isCall(event.kind) ? { id, ...event, call: call++ } : { id, ...event },
    ),
    ledger: run.ledger.map((change, index) => {
      const event = changes[index];
      return linksChanges && event !== undefined ? { event, ...change } : change;
    }),
  };
}
