import { type Fate, fates, type PageRun, place, referenceStates } from '../../src/report/page/document.ts';

/** What a run tells about each node over time, put in order for looking up. */
export interface History {
  readonly run: PageRun;
  readonly last: number;
  /** Moments at which a node came, went or got a property, by its number. */
  readonly turns: ReadonlyMap<number, readonly number[]>;
  /** Moments at which a reference was taken or given back, by its index. */
  readonly changes: ReadonlyMap<number, readonly number[]>;
  /** References by the number of the node they are to. */
  readonly references: ReadonlyMap<number, readonly number[]>;
}

const turning = new Set([
  'attach',
  'detach',
  'release',
  'update-property',
  'add-property',
  'remove-property',
]);

export function readHistory(run: PageRun): History {
  const turns = new Map<number, number[]>();
  const changes = new Map<number, number[]>();
  const references = new Map<number, number[]>();
  for (const [at, { kind, node, change }] of run.moments.entries()) {
    if (node !== undefined && turning.has(kind)) push(turns, node, at);
    if (change) push(changes, change.reference, at);
  }
  for (const [index, [node]] of run.references.list.entries()) push(references, node, index);
  return { run, last: run.moments.length - 1, turns, changes, references };
}

function push(into: Map<number, number[]>, key: number, value: number): void {
  const list = into.get(key);
  if (list) list.push(value);
  else into.set(key, [value]);
}

/** Whether the node is in the live tree at a moment. */
export function isAttached(history: History, node: number, t: number): boolean {
  const { places, hasBefore } = history.run.tree;
  const is = places[node] ?? 0;
  if (t >= history.last) return (is & place.after) !== 0;
  const turn = lastTurn(history, node, t, ['attach', 'detach']);
  if (turn !== undefined) return turn === 'attach';
  return (is & (hasBefore ? place.before : place.after)) !== 0;
}

/** What has become of a node up to a moment; nothing where it is not there yet. */
export function fateAt(history: History, node: number, t: number): Fate | undefined {
  const { tree } = history.run;
  if (t >= history.last) return fates[tree.fates[node] ?? 0];
  const turn = lastTurn(history, node, t);
  if (isAttached(history, node, t)) {
    if (turn === undefined) return 'kept';
    return lastTurn(history, node, t, ['attach']) ? 'new' : 'updated';
  }
  if (turn === undefined) return undefined;
  return countAt(history, node, t) === 0 ? 'released' : 'detached';
}

function lastTurn(
  { run, turns }: History,
  node: number,
  t: number,
  kinds?: readonly string[],
): string | undefined {
  const seen = turns.get(node)?.findLast((at) => {
    return at <= t && (!kinds || kinds.includes(run.moments[at]?.kind ?? ''));
  });
  return seen === undefined ? undefined : run.moments[seen]?.kind;
}

/** The count of what stands at the node's place, or last stood there; undefined where counts cannot be seen. */
export function countAt(history: History, node: number, t: number): number | undefined {
  const there = holdingsAt(history, node, t).filter((one) => one.state !== 'never attached');
  return (there.findLast((one) => one.there) ?? there[0])?.count;
}

export interface Holdings {
  readonly generation: number;
  readonly boot: boolean;
  /** In the end. */
  readonly state: (typeof referenceStates)[number];
  /** Whether it is known to exist by then. */
  readonly there: boolean;
  readonly count: number;
  readonly holders: readonly (readonly [who: string, count: number])[];
}

/** All that ever stood at a node's place, with who holds it at a moment: the end's holders, less what came later. */
export function holdingsAt(history: History, node: number, t: number): Holdings[] {
  const { run, changes, references } = history;
  return (references.get(node) ?? []).flatMap((index) => {
    const reference = run.references.list[index];
    if (!reference) return [];
    const [, generation, boot, state, finalCount, list] = reference;
    const held = new Map(run.references.holders[list]);
    const own = changes.get(index) ?? [];
    for (const at of own) {
      const change = at > t ? run.moments[at]?.change : undefined;
      if (change) held.set(change.who, (held.get(change.who) ?? 0) - change.change);
    }
    const seen = own.findLast((at) => at <= t);
    const next = own.find((at) => at > t);
    const before = next === undefined ? undefined : run.moments[next]?.change;
    const count =
      (seen === undefined ? undefined : run.moments[seen]?.change?.count) ??
      (before ? before.count - before.change : finalCount);
    return [
      {
        generation,
        boot: boot === 1,
        state: referenceStates[state] ?? 'attached',
        there: generation === 1 || seen !== undefined || t >= history.last,
        count,
        holders: [...held].filter(([, times]) => times !== 0),
      },
    ];
  });
}

/** Whether a device's link leads to a node at a moment. */
export function linkAt(
  history: History,
  device: PageRun['devices'][number],
  t: number,
): 'resolves' | 'dangling' | 'absent' {
  if (t >= history.last || device.node < 0) return device.link;
  if (!isAttached(history, device.node, t)) return 'dangling';
  const left = lastTurn(history, device.node, t, ['detach']);
  return device.link === 'dangling' && left !== undefined ? 'dangling' : 'resolves';
}
