import {
  type NodeState,
  nodeStates,
  type PageRun,
  presenceBit,
  referenceStates,
} from '../../src/report/page/document.ts';

/** What a run tells about each node over time, put in order for looking up. */
export interface RunHistory {
  readonly run: PageRun;
  readonly last: number;
  /** Indices of events by their id. */
  readonly positions: ReadonlyMap<number, number>;
  /** Moments at which a node came, went or got a property, by its number. */
  readonly nodeEvents: ReadonlyMap<number, readonly number[]>;
  /** Moments at which a reference was taken or given back, by its index. */
  readonly referenceEvents: ReadonlyMap<number, readonly number[]>;
  /** References by the number of the node they are to. */
  readonly references: ReadonlyMap<number, readonly number[]>;
}

const nodeEventKinds = new Set([
  'attach',
  'detach',
  'release',
  'update-property',
  'add-property',
  'remove-property',
]);

export function indexHistory(run: PageRun): RunHistory {
  const nodeEvents = new Map<number, number[]>();
  const referenceEvents = new Map<number, number[]>();
  const references = new Map<number, number[]>();
  for (const [at, { kind, node, change }] of run.events.entries()) {
    if (node !== undefined && nodeEventKinds.has(kind)) push(nodeEvents, node, at);
    if (change) push(referenceEvents, change.reference, at);
  }
  for (const [index, [node]] of run.references.list.entries()) push(references, node, index);
  const positions = new Map(run.events.map(({ id }, at) => [id, at]));
  return { run, last: run.events.length - 1, positions, nodeEvents, referenceEvents, references };
}

function push(into: Map<number, number[]>, key: number, value: number): void {
  const list = into.get(key);
  if (list) list.push(value);
  else into.set(key, [value]);
}

/** Whether the node is in the live tree at a moment. */
export function isAttached(history: RunHistory, node: number, t: number): boolean {
  const { presence, hasBefore } = history.run.tree;
  const is = presence[node] ?? 0;
  if (t >= history.last) return (is & presenceBit.after) !== 0;
  const turn = lastNodeEvent(history, node, t, ['attach', 'detach']);
  if (turn !== undefined) return turn === 'attach';
  return (is & (hasBefore ? presenceBit.before : presenceBit.after)) !== 0;
}

/** What has become of a node up to a moment; nothing where it is not there yet. */
export function nodeStateAt(history: RunHistory, node: number, t: number): NodeState | undefined {
  const { tree } = history.run;
  if (t >= history.last) return nodeStates[tree.states[node] ?? 0];
  const turn = lastNodeEvent(history, node, t);
  if (isAttached(history, node, t)) {
    if (turn === undefined) return 'kept';
    return lastNodeEvent(history, node, t, ['attach']) ? 'new' : 'updated';
  }
  if (turn === undefined) return undefined;
  return countAt(history, node, t) === 0 ? 'released' : 'detached';
}

function lastNodeEvent(
  { run, nodeEvents }: RunHistory,
  node: number,
  t: number,
  kinds?: readonly string[],
): string | undefined {
  const seen = nodeEvents.get(node)?.findLast((at) => {
    return at <= t && (!kinds || kinds.includes(run.events[at]?.kind ?? ''));
  });
  return seen === undefined ? undefined : run.events[seen]?.kind;
}

/** The count of what stands at the node's place, or last stood there; undefined where counts cannot be seen. */
export function countAt(history: RunHistory, node: number, t: number): number | undefined {
  const there = referencesAt(history, node, t).filter((one) => one.state !== 'never attached');
  return (there.findLast((one) => one.exists) ?? there[0])?.count;
}

export interface ReferenceAt {
  readonly generation: number;
  readonly boot: boolean;
  /** In the end. */
  readonly state: (typeof referenceStates)[number];
  /** Whether it is known to exist by then. */
  readonly exists: boolean;
  readonly count: number;
  readonly holders: readonly (readonly [who: string, count: number])[];
}

/** All that ever stood at a node's place, with who holds it at a moment: the end's holders, less what came later. */
export function referencesAt(history: RunHistory, node: number, t: number): ReferenceAt[] {
  const { run, referenceEvents, references } = history;
  return (references.get(node) ?? []).flatMap((index) => {
    const reference = run.references.list[index];
    if (!reference) return [];
    const [, generation, boot, state, finalCount, list] = reference;
    const held = new Map(run.references.holders[list]);
    const own = referenceEvents.get(index) ?? [];
    for (const at of own) {
      const change = at > t ? run.events[at]?.change : undefined;
      if (change) held.set(change.who, (held.get(change.who) ?? 0) - change.change);
    }
    const seen = own.findLast((at) => at <= t);
    const next = own.find((at) => at > t);
    const before = next === undefined ? undefined : run.events[next]?.change;
    const count =
      (seen === undefined ? undefined : run.events[seen]?.change?.count) ??
      (before ? before.count - before.change : finalCount);
    return [
      {
        generation,
        boot: boot === 1,
        state: referenceStates[state] ?? 'attached',
        exists: generation === 1 || seen !== undefined || t >= history.last,
        count,
        holders: [...held].filter(([, times]) => times !== 0),
      },
    ];
  });
}

/** Whether a device's link leads to a node at a moment. */
export function linkStateAt(
  history: RunHistory,
  device: PageRun['devices'][number],
  t: number,
): 'resolves' | 'dangling' | 'absent' {
  if (t >= history.last || device.node < 0) return device.link;
  if (!isAttached(history, device.node, t)) return 'dangling';
  const left = lastNodeEvent(history, device.node, t, ['detach']);
  return device.link === 'dangling' && left !== undefined ? 'dangling' : 'resolves';
}
