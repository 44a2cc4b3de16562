import { decodeLatin1 } from '../../base/index.ts';
import type { Property, TreeNode } from '../tree.ts';
import type { Blob } from './blob.ts';
import { Cursor } from './cursor.ts';
import { BEGIN_NODE, END, PROP } from './format.ts';

const NONE: readonly never[] = Object.freeze([]);

/**
 * Builds the nodes of a blob. Values are views of the blob.
 *
 * Properties and nodes are collected on two stacks; at the end of their parent they are cut off as one list of the exact
 * length. A list that grows by `push` reserves more memory than a small list needs.
 */
export function buildTree(blob: Blob): TreeNode {
  const { bytes, names } = blob;
  const cursor = new Cursor(blob);
  const properties: Property[] = [];
  const nodes: TreeNode[] = [];
  /** For each open node its name, and the heights of the two stacks at its start. */
  const open: string[] = [];
  const propertyBases: number[] = [];
  const nodeBases: number[] = [];
  for (let tag = cursor.next(); tag !== END; tag = cursor.next()) {
    if (tag === PROP) {
      properties.push({ name: names.at(cursor.name), value: bytes.subarray(cursor.from, cursor.to) });
    } else if (tag === BEGIN_NODE) {
      open.push(decodeLatin1(bytes, cursor.from, cursor.to));
      propertyBases.push(properties.length);
      nodeBases.push(nodes.length);
    } else {
      const own = cut(properties, propertyBases.pop() ?? 0);
      const children = cut(nodes, nodeBases.pop() ?? 0);
      nodes.push({ name: open.pop() ?? '', properties: own, children });
    }
  }
  const [root] = nodes;
  if (root === undefined) throw new Error('a blob that was checked has a root');
  return root;
}

function cut<T>(stack: T[], base: number): readonly T[] {
  return stack.length === base ? NONE : stack.splice(base);
}
