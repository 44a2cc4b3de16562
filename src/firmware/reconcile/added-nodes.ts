import { hexNumber } from '../../base/index.ts';
import { bootPhandle, type TreeNode } from '../../devicetree/index.ts';
import type { CollectedAdd } from './collected.ts';
import type { ReconcileNote } from './note.ts';

/** One node of an added subtree. */
export interface AddedNode {
  readonly phandle: number;
  /** Phandle of its parent. */
  readonly parent: number;
  readonly node: TreeNode;
}

/**
 * The nodes of all adds, parents before children. If a phandle occurs again, it is the same node: the last occurrence is
 * used, at the position of the first. Nodes below one without phandle are left out, because no add can name their parent.
 */
export function addedNodes(
  adds: readonly CollectedAdd[],
  note: (kind: ReconcileNote['kind'], subject: string, text: string) => void,
): Iterable<AddedNode> {
  const found = new Map<number | TreeNode, AddedNode>();
  for (const { parent: above, nodes, failure } of adds) {
    if (failure !== undefined) continue;
    const ahead = nodes.map((node) => ({ node, parent: above })).reverse();
    for (let next = ahead.pop(); next; next = ahead.pop()) {
      const { node, parent } = next;
      const phandle = bootPhandle(node);
      if (phandle !== 0 && found.has(phandle))
        note('repeated', node.name, `phandle ${hexNumber(phandle)} added more than once`);
      found.set(phandle === 0 ? node : phandle, { phandle, parent, node });
      if (phandle === 0 && node.children.length > 0) {
        note('not deliverable', node.name, 'its children cannot be added: it has no phandle');
        continue;
      }
      for (let at = node.children.length - 1; at >= 0; at--) {
        const child = node.children[at];
        if (child) ahead.push({ node: child, parent: phandle });
      }
    }
  }
  return found.values();
}
