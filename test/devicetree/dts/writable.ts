import type fc from 'fast-check';
import type { Tree, TreeNode } from '../../../src/devicetree/index.ts';
import { type TreeOptions, trees } from '../../support/trees.ts';

/** A node with names that a source may have: the generator's may hold characters that only properties may have. */
function writable({ name, properties, children }: TreeNode): TreeNode {
  const named = children.map((child, index) => {
    const plain = child.name.replace(/[*#?]/g, '_');
    const taken = children.some(
      (other, before) => before < index && other.name.replace(/[*#?]/g, '_') === plain,
    );
    return writable({ ...child, name: taken ? `${plain.replace('@', '-')}@${index}` : plain });
  });
  return { name, properties: properties.filter((property) => property.name !== 'name'), children: named };
}

/** Generated trees that have a source. */
export function writableTrees(options: TreeOptions = {}): fc.Arbitrary<Tree> {
  return trees({ ...options, names: 'dts' }).map((tree) => ({ ...tree, root: writable(tree.root) }));
}
