import type { NodeReferences, VioDevice } from '../../partition/index.ts';
import { type NodeState, nodeStates, type PageEvent, presenceBit } from './document.ts';
import type { MergedTrees } from './merge-trees.ts';

/**
 * The state of each node at the end of the run, as indices in `nodeStates`.
 * @param hasBefore whether a tree from before was observed
 */
export function finalNodeStates(
  { presence, properties, find }: MergedTrees,
  hasBefore: boolean,
  references: readonly NodeReferences[],
  devices: readonly VioDevice[],
  events: readonly PageEvent[],
): number[] {
  const held = new Set<number>();
  for (const { path, state, count } of references) {
    const node = find(path);
    if (node !== undefined && state === 'detached' && count !== 0) held.add(node);
  }
  // Where reference counts are unknown, a dangling link shows that its device holds the detached node.
  for (const { ofNode } of devices) {
    const node = ofNode.state === 'dangling' ? find(linkedPath(ofNode.target)) : undefined;
    if (node !== undefined) held.add(node);
  }
  const attached = new Set(events.flatMap(({ kind, node }) => (kind === 'attach' ? [node] : [])));
  const stateOf = (number: number): NodeState => {
    const bits = presence[number] ?? 0;
    if (bits & presenceBit.after) {
      if (!hasBefore) return 'kept';
      if (!(bits & presenceBit.before) || attached.has(number)) return 'new';
      return properties[number]?.some((property) => property.length === 3) ? 'updated' : 'kept';
    }
    if (held.has(number)) return 'detached';
    return bits & presenceBit.wanted ? 'lost' : 'released';
  };
  return presence.map((_, number) => nodeStates.indexOf(stateOf(number)));
}

/** The path in the tree that the target of an `of_node` link names. */
export function linkedPath(target: string): string {
  const base = 'devicetree/base';
  const at = target.indexOf(base);
  return at < 0 ? target : target.slice(at + base.length) || '/';
}
