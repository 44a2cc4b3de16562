import fc from 'fast-check';
import { type Chooser, randomChooser } from '../../src/choice/index.ts';
import { cells, type Property, type Tree, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { trees } from '../support/trees.ts';

export interface Edited {
  readonly before: Tree;
  readonly after: Tree;
}

/**
 * Pairs of trees in which every node can be reported. The second is the first with changed, added and removed properties,
 * and removed, new, retyped and renumbered nodes. Only the root has properties larger than work areas, because a connector
 * cannot send them.
 */
export const editedTrees: fc.Arbitrary<Edited> = fc
  .record({ seedling: trees({ phandles: false, maxNodes: 20 }), seed: fc.nat() })
  .map(({ seedling, seed }) => {
    let phandle = 0x100;
    const before = number(seedling.root, () => phandle++);
    return { before: tree(before), after: tree(edit(before, randomChooser(seed), () => phandle++)) };
  });

const isPhandle = ({ name }: Property) => name === 'ibm,phandle';

function number(node: TreeNode, next: () => number): TreeNode {
  const properties = [...node.properties.filter((each) => !isPhandle(each)), cells('ibm,phandle', next())];
  return { ...node, properties, children: node.children.map((child) => number(child, next)) };
}

function edit(node: TreeNode, chooser: Chooser, next: () => number): TreeNode {
  const one = (ways: number) => chooser.choose(ways, 'edit') === 0;
  const properties = node.properties.flatMap((each): Property[] => {
    if (isPhandle(each)) return [each];
    if (one(8)) return [];
    return [
      one(5) ? { name: each.name, value: bytesFor(chooser, node.name === '' && one(3) ? 9000 : 40) } : each,
    ];
  });
  if (one(6)) properties.push({ name: `new-${chooser.choose(9, 'name')}`, value: bytesFor(chooser, 40) });
  if (one(12)) properties.unshift({ name: 'device_type', value: bytesFor(chooser, 8) });
  const children = node.children.flatMap((child): TreeNode[] => {
    if (one(10)) return [];
    return [one(10) ? number(child, next) : edit(child, chooser, next)];
  });
  if (one(6))
    children.push(
      number({ name: `fresh@${next()}`, properties: [], children: one(2) ? node.children : [] }, next),
    );
  const seen = new Set<string>();
  return {
    ...node,
    properties: properties.filter(({ name }) => !seen.has(name) && seen.add(name)),
    children,
  };
}

function bytesFor(chooser: Chooser, most: number): Uint8Array {
  const first = chooser.choose(256, 'byte');
  return new Uint8Array(chooser.choose(most, 'length')).map((_, index) => first + index);
}
