/** A tree while its source is read; items can still be overridden, merged and deleted. */

import { Slots } from './slots.ts';

/** A reference in a value: to a node's phandle (four reserved bytes) or path (to be inserted). */
export interface Reference {
  readonly kind: 'phandle' | 'path';
  /** `label`, `/path` or `label/path`. */
  readonly target: string;
  /** Offset in the value, in bytes. */
  readonly offset: number;
  /** Position in the source. */
  readonly at: number;
}

export interface Content {
  readonly bytes: Uint8Array;
  readonly references: readonly Reference[];
  /** Labels within the value; they refer to bytes, not to nodes. */
  readonly labels: readonly string[];
}

export interface DraftProperty {
  readonly name: string;
  /** Position of its name in the last definition. */
  at: number;
  labels: Labels;
  content: Content;
  deleted: boolean;
}

/** The shared empty set, because most items have no labels; a set with labels belongs to one item. */
export type Labels = ReadonlySet<string>;

export const NO_LABELS: Labels = new Set();

export const NOTHING: Content = { bytes: new Uint8Array(0), references: [], labels: [] };

export interface DraftNode {
  readonly name: string;
  readonly at: number;
  labels: Labels;
  readonly properties: Slots<DraftProperty>;
  readonly children: Slots<DraftNode>;
  parent: DraftNode | undefined;
  deleted: boolean;
  /** Omitted at the end if nothing refers to it. */
  omittable: boolean;
}

export function draftNode(name: string, at: number, labels: Labels = NO_LABELS): DraftNode {
  const properties = new Slots<DraftProperty>();
  const children = new Slots<DraftNode>();
  return { name, at, labels, properties, children, parent: undefined, deleted: false, omittable: false };
}

/** Adds labels to a set. */
export function joinLabels(held: Labels, more: Labels): Labels {
  if (more.size === 0) return held;
  const joined = held.size === 0 ? new Set<string>() : (held as Set<string>);
  for (const label of more) joined.add(label);
  return joined;
}

/** A node's path, such as `/cpus/cpu@0`. */
export function pathOf(node: DraftNode): string {
  const names: string[] = [];
  for (let up: DraftNode | undefined = node; up?.parent !== undefined; up = up.parent) names.push(up.name);
  return `/${names.reverse().join('/')}`;
}

/** The nodes that are not deleted, parents before children. */
export function aliveNodes(root: DraftNode): DraftNode[] {
  const found: DraftNode[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    found.push(node);
    const { all } = node.children;
    for (let index = all.length - 1; index >= 0; index -= 1) {
      const next = all[index];
      if (next !== undefined && !next.deleted) waiting.push(next);
    }
  }
  return found;
}
