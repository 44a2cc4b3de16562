import { bootPhandle, type Property, type Tree, type TreeNode } from '../../devicetree/index.ts';
import type { Messages, PropertyChange } from '../plan.ts';

/** The tree of a kernel that applied the messages; new nodes are first among their siblings, where kernels attach them. */
export function applyMessages(tree: Tree, { deletes, updates, adds }: Messages): Tree {
  const gone = new Set(deletes.map((message) => message.phandle));
  const changes = new Map(updates.map((message) => [message.phandle, message.changes]));
  const arriving = new Map<number, TreeNode[]>();
  for (const { parent, node } of adds) {
    const siblings = arriving.get(parent);
    if (siblings) siblings.unshift(node);
    else arriving.set(parent, [node]);
  }
  // Deletes come before adds, so a message with the phandle of a replaced node names the old node.
  const named = (phandle: number, isNew: boolean) => !isNew && phandle !== 0;

  interface Frame {
    readonly node: TreeNode;
    readonly isNew: boolean;
    readonly ahead: { readonly node: TreeNode; readonly isNew: boolean }[];
    readonly children: TreeNode[];
  }
  const enter = (node: TreeNode, isNew: boolean): Frame => {
    const phandle = bootPhandle(node);
    const arrived = isNew || !gone.has(phandle) ? (arriving.get(phandle) ?? []) : [];
    const ahead = [
      ...arrived.map((each) => ({ node: each, isNew: true })),
      ...node.children.map((each) => ({ node: each, isNew: false })),
    ].reverse();
    return { node, isNew, ahead, children: [] };
  };
  const leave = ({ node, isNew, children }: Frame): TreeNode => {
    const update = named(bootPhandle(node), isNew) ? changes.get(bootPhandle(node)) : undefined;
    return {
      name: node.name,
      properties: update ? changed(node.properties, update) : node.properties,
      children,
    };
  };

  const frames = [enter(tree.root, false)];
  for (;;) {
    const frame = frames.at(-1);
    if (!frame) return tree;
    const next = frame.ahead.pop();
    if (next) {
      if (!next.isNew && gone.has(bootPhandle(next.node))) continue;
      frames.push(enter(next.node, next.isNew));
      continue;
    }
    frames.pop();
    const done = leave(frame);
    const above = frames.at(-1);
    if (!above) return { ...tree, root: done };
    above.children.push(done);
  }
}

/** Like the kernel: a known property keeps its position, a new one is appended (drivers/of/base.c). */
function changed(properties: readonly Property[], changes: readonly PropertyChange[]): readonly Property[] {
  const values = new Map(changes.map(({ name, value }) => [name, value]));
  const kept = properties.flatMap((property) => {
    const value = values.get(property.name);
    if (value === undefined) return [property];
    values.delete(property.name);
    return value === null ? [] : [{ name: property.name, value }];
  });
  return [
    ...kept,
    ...Array.from(values).flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
  ];
}
