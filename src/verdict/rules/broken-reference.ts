import { isOwnPhandle, referencesIn, type Tree, type TreeNode, walk } from '../../devicetree/index.ts';
import type { Rule, RuleFinding } from '../rule.ts';

export const brokenReference: Rule = {
  name: 'broken-reference',
  severity: 'warning',
  title: 'broken reference',
  why: 'The property names a node by its phandle, and no node has that phandle.',
  remedy:
    'Compare with a capture from before (transplant diff). Either the node is lost, or the property describes the other server.',
  fixedIn: [],
  check: ({ after, before }) => {
    const old = new Set(before ? Array.from(broken(before.tree), ({ subject }) => subject) : []);
    return Array.from(broken(after.tree)).filter(({ subject }) => !old.has(subject));
  },
};

function* broken(tree: Tree): Generator<RuleFinding> {
  const nodes = byAnyPhandle(tree);
  const nodeOf = (phandle: number) => nodes.get(phandle);
  for (const { path, node } of walk(tree)) {
    for (const one of node.properties) {
      const lost = (referencesIn(one, node, nodeOf) ?? []).filter(({ phandle }) => !nodes.has(phandle));
      if (lost.length === 0) continue;
      const names = Array.from(new Set(lost.map(({ phandle }) => `0x${phandle.toString(16)}`)));
      yield {
        subject: `${path}:${one.name}`,
        message: `no node has phandle ${names.join(', ')}`,
        evidence: [],
      };
    }
  }
}

/**
 * Nodes by each of their phandles: firmware's own properties refer by `ibm,phandle`, those of Open Firmware
 * (`interrupt-parent`) by the number of its client interface, which is another name space on PowerVM.
 */
function byAnyPhandle(tree: Tree): ReadonlyMap<number, TreeNode> {
  const nodes = new Map<number, TreeNode>();
  for (const { node } of walk(tree)) {
    for (const { name, value } of node.properties) {
      if (!isOwnPhandle(name) || value.length < 4) continue;
      const phandle = new DataView(value.buffer, value.byteOffset).getUint32(0);
      if (!nodes.has(phandle)) nodes.set(phandle, node);
    }
  }
  return nodes;
}
