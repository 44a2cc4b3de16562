/**
 * The tree of a source. Its definitions are merged into the tree one after another.
 *
 * The rules of dtc 1.6.1, found by experiment: a property that is defined again keeps its position and labels and gets the
 * new value; a new property is appended; a deleted item keeps its position; a new child is taken unchanged; an existing
 * child is merged child by child, in the order of the definition.
 */

import {
  aliveNodes,
  type DraftNode,
  type DraftProperty,
  joinLabels,
  type Labels,
  NO_LABELS,
} from './draft.ts';

/** Message about a reference without a node. */
export function noSuchNode(target: string): string {
  const short = target.length > 80 ? `${target.slice(0, 80)}…` : target;
  return `there is no node with the ${target.includes('/') ? 'path' : 'label'} ${short}`;
}

export class DraftTree {
  readonly root: DraftNode;
  readonly #labelled = new Map<string, Set<DraftNode>>();

  constructor(root: DraftNode) {
    this.root = root;
    this.#adopted(root);
  }

  /** The nodes of a label, a path, or a path from a label: none, one, or several with one label; without deleted ones. */
  find(target: string): readonly DraftNode[] {
    const slash = target.indexOf('/');
    if (slash === 0) return this.#descend(this.root, target, 0);
    const holders = [...(this.#labelled.get(slash < 0 ? target : target.slice(0, slash)) ?? [])];
    const [from] = holders;
    return slash < 0 || holders.length !== 1 || from === undefined
      ? holders
      : this.#descend(from, target, slash);
  }

  /** Slashes may be doubled, and a path may end with one. */
  #descend(from: DraftNode, path: string, start: number): readonly DraftNode[] {
    let node = from;
    let offset = start + 1;
    if (start === 0 && path.length === 1) return [node];
    while (offset < path.length) {
      while (path[offset] === '/') offset += 1;
      const slash = path.indexOf('/', offset);
      const end = slash < 0 ? path.length : slash;
      const next = node.children.firstAlive(path.slice(offset, end));
      if (next === undefined) return [];
      node = next;
      offset = end + 1;
    }
    return [node];
  }

  merge(into: DraftNode, definition: DraftNode): void {
    const frames = [{ into, definitions: definition.children.all, index: 0 }];
    this.#override(into, definition);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const child = frame.definitions[frame.index];
      frame.index += 1;
      if (child === undefined) {
        frames.pop();
        continue;
      }
      const { children } = frame.into;
      const present = children.first(child.name);
      if (child.deleted) {
        if (present !== undefined) this.remove(present);
      } else if (present === undefined) {
        child.parent = frame.into;
        children.append(child);
        this.#adopted(child);
      } else {
        this.#override(present, child);
        frames.push({ into: present, definitions: child.children.all, index: 0 });
      }
    }
  }

  /** Deletes a node with its subtree; the root stays, empty. */
  remove(node: DraftNode): void {
    const waiting = [node];
    for (let gone = waiting.pop(); gone !== undefined; gone = waiting.pop()) {
      gone.deleted = true;
      for (const label of gone.labels) this.#labelled.get(label)?.delete(gone);
      gone.labels = NO_LABELS;
      for (const property of gone.properties.clear()) property.deleted = true;
      for (const child of gone.children.clear()) if (!child.deleted) waiting.push(child);
    }
  }

  /** Applies the properties and labels of a definition. */
  #override(node: DraftNode, definition: DraftNode): void {
    if (node.deleted) {
      node.deleted = false;
      node.parent?.children.revived(node);
      this.#register(node, node.labels);
    }
    node.labels = joinLabels(node.labels, definition.labels);
    this.#register(node, definition.labels);
    for (const property of definition.properties.all) overrideProperty(node, property);
  }

  #adopted(top: DraftNode): void {
    for (const node of aliveNodes(top)) this.#register(node, node.labels);
  }

  #register(node: DraftNode, labels: Labels): void {
    for (const label of labels) {
      const holders = this.#labelled.get(label);
      if (holders === undefined) this.#labelled.set(label, new Set([node]));
      else holders.add(node);
    }
  }
}

function overrideProperty({ properties }: DraftNode, definition: DraftProperty): void {
  const present = properties.first(definition.name);
  if (definition.deleted) {
    if (present === undefined) return;
    present.deleted = true;
    present.labels = NO_LABELS;
  } else if (present === undefined) properties.append(definition);
  else {
    if (present.deleted) properties.revived(present);
    present.deleted = false;
    present.labels = joinLabels(present.labels, definition.labels);
    present.at = definition.at;
    present.content = definition.content;
  }
}
