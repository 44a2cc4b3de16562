import type { NodeReferences, VioDevice } from '../../partition/index.ts';
import { type Fate, fates, type Moment, place } from './document.ts';
import type { Overlay } from './lay-over.ts';

/** What became of each node, as indices in `fates`. */
export function fatesOf(
  { places, properties, find }: Overlay,
  hasBefore: boolean,
  references: readonly NodeReferences[],
  devices: readonly VioDevice[],
  moments: readonly Moment[],
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
  const fateOf = (number: number): Fate => {
    const is = places[number] ?? 0;
    if (is & place.after) {
      if (!hasBefore) return 'kept';
      if (!(is & place.before) || attached.has(number)) return 'new';
      return properties[number]?.some((property) => property.length === 3) ? 'updated' : 'kept';
    }
    if (held.has(number)) return 'detached';
    return is & place.wanted ? 'lost' : 'released';
  };
  return places.map((_, number) => fates.indexOf(fateOf(number)));
}

/** The node's path in the target of an `of_node` link. */
export function linkedPath(target: string): string {
  const base = 'devicetree/base';
  const at = target.indexOf(base);
  return at < 0 ? target : target.slice(at + base.length) || '/';
}
