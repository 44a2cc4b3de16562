import type { NodeReferences, VioDevice } from '../../partition/index.ts';
import { type NodeState, nodeStates, type PageEvent, presenceBit } from './document.ts';
import type { MergedTrees } from './merge-trees.ts';

/** What became of each node, as indices in `fates`. */
export function finalNodeStates(
  { presence, properties, find }: MergedTrees,
  hasBefore: boolean,
  references: readonly NodeReferences[],
  devices: readonly VioDevice[],
  moments: readonly PageEvent[],
): number[] {
  const held = new Set<number>();
  for (const { path, state, count } of references) {
    const node = find(path);
    if (node !== undefined && state === 'detached' && count !== 0) held.add(node);
  }
  // Where counts cannot be seen, a link to a node that is gone tells as much: the device holds it.
  for (const { ofNode } of devices) {
    const node = ofNode.state === 'dangling' ? find(linkedPath(ofNode.target)) : undefined;
    if (node !== undefined) held.add(node);
  }
  const attached = new Set(moments.flatMap(({ kind, node }) => (kind === 'attach' ? [node] : [])));
  const fateOf = (number: number): NodeState => {
    const is = presence[number] ?? 0;
    if (is & presenceBit.after) {
      if (!hasBefore) return 'kept';
      if (!(is & presenceBit.before) || attached.has(number)) return 'new';
      return properties[number]?.some((property) => property.length === 3) ? 'updated' : 'kept';
    }
    if (held.has(number)) return 'detached';
    return is & presenceBit.wanted ? 'lost' : 'released';
  };
  return presence.map((_, number) => nodeStates.indexOf(fateOf(number)));
}

/** The node's path in the target of an `of_node` link. */
export function linkedPath(target: string): string {
  const base = 'devicetree/base';
  const at = target.indexOf(base);
  return at < 0 ? target : target.slice(at + base.length) || '/';
}
