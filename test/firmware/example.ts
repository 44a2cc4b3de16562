import { cells, flag, node, string, type Tree, type TreeNode, tree } from '../../src/devicetree/index.ts';

/**
 * The partition of the mail thread. Names and phandles are from its log; values that no public source states are invented.
 */
export function facilitiesTree(
  pool = 0x2fffff01,
  edit: (facilities: TreeNode) => TreeNode = (same) => same,
): Tree {
  return tree(rootNode([edit(facilitiesNode(pool))]));
}

export function rootNode(children: readonly TreeNode[], systemId = 'IBM,020000001'): TreeNode {
  const properties = [
    string('compatible', 'IBM,9080-HEX'),
    string('system-id', systemId),
    cells('ibm,phandle', 0xffffffff),
  ];
  return node('', properties, children);
}

export function facilitiesNode(pool: number): TreeNode {
  const leaf = (type: string, phandle: number, more: TreeNode['properties']) =>
    node(`ibm,${type}-v1`, [
      string('compatible', `ibm,${type}`),
      string('status', 'okay'),
      ...more,
      cells('ibm,shared-interrupt-pool', pool),
      cells('ibm,phandle', phandle),
    ]);
  return node(
    'ibm,platform-facilities',
    [
      string('device_type', 'ibm,platform-facilities'),
      cells('#address-cells', 1),
      cells('#size-cells', 0),
      cells('ibm,phandle', 0xfffffff6),
    ],
    [
      leaf('random', 0xfffffff5, [flag('ibm,max-sync-cop')]),
      leaf('compression', 0xfffffff4, [
        cells('ibm,max-sync-cop', 1, 65536, 510, 1, 65536, 510),
        cells('ibm,max-sg-len', 4080),
      ]),
      leaf('sym-encryption', 0xfffffff3, [cells('ibm,max-sg-len', 4080)]),
    ],
  );
}

/** A POWER9 with caches numbered from `first` on; phandles are unit addresses, as on real machines. */
export function cpusNode(firstCache: number, size = 0x80000): TreeNode {
  const cache = (name: string, unit: number) =>
    node(`${name}@${unit.toString(16)}`, [
      string('device_type', 'cache'),
      cells('reg', unit),
      cells('d-cache-size', size),
      cells('ibm,phandle', unit),
    ]);
  const cpu = (index: number) =>
    node(`PowerPC,POWER9@${index * 8}`, [
      string('device_type', 'cpu'),
      cells('l2-cache', firstCache + index),
      cells('ibm,my-drc-index', 0x10000000 + index * 8),
      cells('ibm,phandle', 0x10000000 + index * 8),
    ]);
  return node(
    'cpus',
    [cells('ibm,phandle', 0xfffffff8)],
    [cpu(0), cpu(1), cache('l2-cache', firstCache), cache('l2-cache', firstCache + 1)],
  );
}
