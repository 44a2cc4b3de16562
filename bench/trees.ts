import { cells, node, string, type Tree, type TreeNode, tree } from 'transplant/devicetree';

/** A device as firmware describes it: some properties the same for all, some of its own. */
const common = [string('device_type', 'PowerPC,POWER9'), string('status', 'okay')];

function device(name: string, index: number, children: readonly TreeNode[] = []): TreeNode {
  const own = [
    cells('reg', index, 0),
    cells('ibm,my-drc-index', 0x10000000 + index),
    cells('phandle', index + 1),
  ];
  return node(`${name}@${index.toString(16)}`, [...common, ...own], children);
}

const range = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Shapes of trees, each with so many devices. */
export const shapes = {
  /** All devices in one node, as processors and logical memory blocks are. */
  siblings: (count: number) =>
    tree(
      node(
        '',
        [],
        [
          node(
            'cpus',
            [],
            range(count, (index) => device('cpu', index)),
          ),
        ],
      ),
    ),
  /** A hundred devices on each bus. */
  buses: (count: number) => {
    const bus = (first: number) =>
      node(
        `bus@${first.toString(16)}`,
        [],
        range(Math.min(100, count - first), (index) => device('dev', first + index)),
      );
    return tree(
      node(
        '',
        [],
        range(Math.ceil(count / 100), (index) => bus(index * 100)),
      ),
    );
  },
  /** Four devices below each device. */
  hierarchy: (count: number) => {
    const below = (index: number): TreeNode =>
      device(
        'dev',
        index,
        range(4, (which) => index * 4 + 1 + which)
          .filter((child) => child < count)
          .map(below),
      );
    return tree(node('', [], count > 0 ? [below(0)] : []));
  },
} satisfies Record<string, (count: number) => Tree>;
