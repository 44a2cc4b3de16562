import {
  type NodeState,
  nodeStates,
  type PageRun,
  presenceBit,
  referenceStates,
} from '../../src/report/page/document.ts';

/** The events of a run, indexed by node and by reference. `t` is always the index of the current event. */
export interface RunHistory {
  readonly run: PageRun;
  /** Index of the last event; -1 without events. */
  readonly last: number;
  /** Indices of events by their id. */
  readonly positions: ReadonlyMap<number, number>;
  /** Indices of the events that changed a node, by its number. */
  readonly nodeEvents: ReadonlyMap<number, readonly number[]>;
  /** Indices of the events that changed a reference count, by the index of the reference. */
  readonly referenceEvents: ReadonlyMap<number, readonly number[]>;
  /** Indices of references by the number of their node. */
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

/** Indexes the events of a run. */
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

/** Whether a node is in the live tree after event `t`. */
export function isAttached(history: RunHistory, node: number, t: number): boolean {
  const { presence, hasBefore } = history.run.tree;
  const bits = presence[node] ?? 0;
  if (t >= history.last) return (bits & presenceBit.after) !== 0;
  const kind = lastNodeEvent(history, node, t, ['attach', 'detach']);
  if (kind !== undefined) return kind === 'attach';
  return (bits & (hasBefore ? presenceBit.before : presenceBit.after)) !== 0;
}

/** The state of a node after event `t`; undefined for a node that was not attached yet. */
export function nodeStateAt(history: RunHistory, node: number, t: number): NodeState | undefined {
  const { tree } = history.run;
  if (t >= history.last) return nodeStates[tree.states[node] ?? 0];
  const kind = lastNodeEvent(history, node, t);
  if (isAttached(history, node, t)) {
    if (kind === undefined) return 'kept';
    return lastNodeEvent(history, node, t, ['attach']) ? 'new' : 'updated';
  }
  if (kind === undefined) return undefined;
  return countAt(history, node, t) === 0 ? 'released' : 'detached';
}

/** Kind of the last event up to `t` that changed the node. */
function lastNodeEvent(
  { run, nodeEvents }: RunHistory,
  node: number,
  t: number,
  kinds?: readonly string[],
): string | undefined {
  const last = nodeEvents.get(node)?.findLast((at) => {
    return at <= t && (!kinds || kinds.includes(run.events[at]?.kind ?? ''));
  });
  return last === undefined ? undefined : run.events[last]?.kind;
}

/** The reference count of the newest node at a path; undefined where counts are unknown. */
export function countAt(history: RunHistory, node: number, t: number): number | undefined {
  const references = referencesAt(history, node, t).filter((one) => one.state !== 'never attached');
  return (references.findLast((one) => one.exists) ?? references[0])?.count;
}

/** The reference count of one node after an event. */
export interface ReferenceAt {
  /** 1 for the first node at its path. */
  readonly generation: number;
  readonly boot: boolean;
  /** At the end of the run. */
  readonly state: (typeof referenceStates)[number];
  /** Whether the node exists after the event, as far as is known. */
  readonly exists: boolean;
  readonly count: number;
  readonly holders: readonly (readonly [who: string, count: number])[];
}

/** All nodes that were ever at a path, with their holders after event `t`: those at the end, minus later changes. */
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
    const previous = own.findLast((at) => at <= t);
    const next = own.find((at) => at > t);
    const nextChange = next === undefined ? undefined : run.events[next]?.change;
    const count =
      (previous === undefined ? undefined : run.events[previous]?.change?.count) ??
      (nextChange ? nextChange.count - nextChange.change : finalCount);
    return [
      {
        generation,
        boot: boot === 1,
        state: referenceStates[state] ?? 'attached',
        exists: generation === 1 || previous !== undefined || t >= history.last,
        count,
        holders: [...held].filter(([, times]) => times !== 0),
      },
    ];
  });
}

/** The state of a device's `of_node` link after event `t`. */
export function linkStateAt(
  history: RunHistory,
  device: PageRun['devices'][number],
  t: number,
): 'resolves' | 'dangling' | 'absent' {
  if (t >= history.last || device.node < 0) return device.link;
  if (!isAttached(history, device.node, t)) return 'dangling';
  const wasDetached = lastNodeEvent(history, device.node, t, ['detach']) !== undefined;
  return device.link === 'dangling' && wasDetached ? 'dangling' : 'resolves';
}
