import { encodeLatin1, type InputError } from '../../base/index.ts';
import { joinPath } from '../paths.ts';
import type { Property, TreeNode } from '../tree.ts';
import { asCell } from '../values.ts';
import {
  type Complaint,
  checkNameProperty,
  checkNames,
  explicitPhandle,
  PHANDLES,
  Phandles,
} from './checks.ts';
import {
  aliveNodes,
  type DraftNode,
  type DraftProperty,
  NO_LABELS,
  pathOf,
  type Reference,
} from './draft.ts';
import { type DraftTree, noSuchNode } from './draft-tree.ts';
import type { Sources } from './sources.ts';

// A limit, because many references to a deep node make a huge tree from a small source.
const PATH_BYTES = 1 << 20;
const PATH_BYTES_PER_CHARACTER = 16;

export interface Resolved {
  readonly root: TreeNode;
  readonly bootCpu: number;
  readonly labels: ReadonlyMap<string, string>;
}

export function resolve(tree: DraftTree, sources: Sources): Resolved {
  const bootCpu = guessBootCpu(tree.root);
  const nodes = aliveNodes(tree.root);
  const resolver = new Resolver(tree, sources);
  for (const node of nodes) resolver.check(node);
  resolver.checkLabels(nodes);
  for (const node of nodes) resolver.explicitPhandles(node);
  for (const node of nodes) resolver.phandleReferences(node);
  for (const node of nodes) resolver.pathReferences(node);
  for (const node of nodes) resolver.omit(node);
  // In this case dtc writes a blob without nodes, which no program reads.
  if (tree.root.deleted) throw sources.error('the root node is deleted or left out', tree.root.at);
  return { root: settle(nodes), bootCpu, labels: labelPaths(nodes) };
}

/**
 * The `reg` of the first node in `/cpus` if it is one cell, else 0. As in dtc, the first node counts even if it was deleted,
 * and the cell has its value from before references are resolved.
 */
function guessBootCpu(root: DraftNode): number {
  const [first] = root.children.firstAlive('cpus')?.children.all ?? [];
  return asCell(first?.properties.firstAlive('reg')?.content.bytes) ?? 0;
}

class Resolver {
  readonly #tree: DraftTree;
  readonly #sources: Sources;
  readonly #phandles = new Phandles<DraftNode>();
  readonly #own = new Map<DraftNode, number>();
  readonly #referred = new Set<DraftNode>();
  #pathBytes: number;

  constructor(tree: DraftTree, sources: Sources) {
    this.#tree = tree;
    this.#sources = sources;
    this.#pathBytes = PATH_BYTES + PATH_BYTES_PER_CHARACTER * sources.size;
  }

  check(node: DraftNode): void {
    const complain = this.#complaint(node);
    const properties = node.properties.allAlive();
    checkNames({ name: node.name, properties, children: node.children.all }, complain);
    const name = properties.find((property) => property.name === 'name');
    if (name === undefined) return;
    checkNameProperty(node, name, name.content.bytes, complain);
    name.deleted = true;
  }

  /** A label must be unique in the whole tree, including values. */
  checkLabels(nodes: readonly DraftNode[]): void {
    const taken = new Set<string>();
    const take = (label: string, node: DraftNode, property?: DraftProperty) => {
      if (!taken.has(label)) taken.add(label);
      else throw this.#complaint(node)(`a second label "${label}"`, property && { property });
    };
    for (const node of nodes) {
      for (const label of node.labels) take(label, node);
      for (const property of node.properties.allAlive()) {
        for (const label of property.labels) take(label, node, property);
        for (const label of property.content.labels) take(label, node, property);
      }
    }
  }

  explicitPhandles(node: DraftNode): void {
    const complain = this.#complaint(node);
    const found: number[] = [];
    for (const property of node.properties.allAlive()) {
      if (!PHANDLES.has(property.name)) continue;
      const { bytes, references } = property.content;
      const reference = references.find((candidate) => candidate.kind === 'phandle');
      if (reference === undefined || bytes.length !== 4)
        found.push(explicitPhandle(property, bytes, complain));
      else if (this.#tree.find(reference.target)[0] !== node) {
        throw complain("a node's phandle refers to another node", { property });
      }
    }
    const phandle = this.#phandles.give(node, found, complain);
    if (phandle !== 0) this.#own.set(node, phandle);
  }

  phandleReferences(node: DraftNode): void {
    for (const property of node.properties.allAlive()) {
      for (const reference of property.content.references) {
        if (reference.kind !== 'phandle') continue;
        const phandle = this.#phandleOf(this.#target(node, property, reference));
        const { bytes } = property.content;
        new DataView(bytes.buffer, bytes.byteOffset).setUint32(reference.offset, phandle);
      }
    }
  }

  pathReferences(node: DraftNode): void {
    for (const property of node.properties.allAlive()) {
      const { content } = property;
      const parts: Uint8Array[] = [];
      let done = 0;
      for (const reference of content.references) {
        if (reference.kind !== 'path') continue;
        const path = pathOf(this.#target(node, property, reference));
        this.#pathBytes -= path.length + 1;
        if (this.#pathBytes < 0) throw this.#sources.error('too many references to long paths', reference.at);
        parts.push(content.bytes.subarray(done, reference.offset));
        parts.push(encodeLatin1(`${path}\0`));
        done = reference.offset;
      }
      if (parts.length === 0) continue;
      parts.push(content.bytes.subarray(done));
      property.content = { ...content, bytes: concatenate(parts) };
    }
  }

  omit(node: DraftNode): void {
    if (node.omittable && !node.deleted && !this.#referred.has(node)) this.#tree.remove(node);
  }

  #target(node: DraftNode, property: DraftProperty, { target, at }: Reference): DraftNode {
    const [found] = this.#tree.find(target);
    if (found === undefined) {
      throw this.#sources.error(noSuchNode(target), at, { path: `${pathOf(node)}:${property.name}` });
    }
    this.#referred.add(found);
    return found;
  }

  #phandleOf(node: DraftNode): number {
    const own = this.#own.get(node);
    if (own !== undefined) return own;
    const phandle = this.#phandles.allocate(node);
    this.#own.set(node, phandle);
    if (!node.properties.allAlive().some(({ name }) => name === 'phandle')) {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, phandle);
      const content = { bytes, references: [], labels: [] };
      const made = { name: 'phandle', at: node.at, labels: NO_LABELS, content, deleted: false };
      node.properties.append(made);
    }
    return phandle;
  }

  #complaint(node: DraftNode): Complaint {
    return (message, { property, child } = {}): InputError => {
      const own = pathOf(node);
      const path =
        child !== undefined ? joinPath(own, child.name) : property ? `${own}:${property.name}` : own;
      return this.#sources.error(message, property?.at ?? child?.at ?? node.at, { path });
    };
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) {
    whole.set(part, length);
    length += part.length;
  }
  return whole;
}

/** The final nodes, parents before children. */
function settle(nodes: readonly DraftNode[]): TreeNode {
  const settled = new Map<DraftNode, TreeNode>();
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const node = nodes[index];
    if (node === undefined || node.deleted) continue;
    const properties: Property[] = node.properties
      .allAlive()
      .map(({ name, content }) => ({ name, value: content.bytes }));
    const children: TreeNode[] = [];
    for (const child of node.children.allAlive()) {
      const done = settled.get(child);
      if (done !== undefined) children.push(done);
      settled.delete(child);
    }
    settled.set(node, { name: node.name, properties, children });
  }
  const root = nodes[0] && settled.get(nodes[0]);
  if (root === undefined) throw new Error('a tree has a root');
  return root;
}

function labelPaths(nodes: readonly DraftNode[]): Map<string, string> {
  const labels = new Map<string, string>();
  // Each path is the parent's path plus a name, so deep trees share common parts.
  const paths = new Map<DraftNode, string>();
  for (const node of nodes) {
    if (node.deleted) continue;
    const path = node.parent === undefined ? '/' : joinPath(paths.get(node.parent) ?? '', node.name);
    paths.set(node, path);
    for (const label of node.labels) labels.set(label, path);
  }
  return labels;
}
