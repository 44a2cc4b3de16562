import {
  cells,
  flag,
  node,
  type Property,
  string,
  type Tree,
  type TreeNode,
  tree,
} from '../../src/devicetree/index.ts';

/** Phandles as on PowerVM. */
export const phandles = {
  root: 0xffff_fffe,
  facilities: 0xffff_fff6,
  random: 0xffff_fff5,
  compression: 0xffff_fff4,
  encryption: 0xffff_fff3,
} as const;

/** Values that differ between servers. */
export interface Server {
  /** Value of ibm,shared-interrupt-pool in every facility. */
  readonly pool?: number;
  /** Compression: bytes and scatter-gather entries of one synchronous operation. */
  readonly maxSyncCop?: readonly [bytes: number, entries: number];
  readonly maxSgLen?: number;
}

/** A partition's /ibm,platform-facilities (LoPAR, appendix on the PAPR binding; values seen on POWER8 to POWER10). */
export function facilitiesTree(server: Server = {}, more: readonly TreeNode[] = []): Tree {
  return tree(node('', [cells('ibm,phandle', phandles.root)], [facilities(server), ...more]));
}

function facilities({ pool = 0x1500, maxSyncCop = [65536, 510], maxSgLen = 4080 }: Server): TreeNode {
  return node(
    'ibm,platform-facilities',
    [
      string('name', 'ibm,platform-facilities'),
      string('device_type', 'ibm,platform-facilities'),
      cells('#address-cells', 1),
      cells('#size-cells', 0),
      cells('ibm,phandle', phandles.facilities),
    ],
    [
      facility('ibm,random-v1', 'ibm,random', phandles.random, 1, pool, [flag('ibm,max-sync-cop')]),
      facility('ibm,compression-v1', 'ibm,compression', phandles.compression, 2, pool, [
        cells('ibm,max-sync-cop', 1, ...maxSyncCop, 1, ...maxSyncCop),
        cells('ibm,max-sg-len', maxSgLen),
      ]),
      facility('ibm,sym-encryption-v1', 'ibm,sym-encryption', phandles.encryption, 3, pool, [
        cells('ibm,max-sync-cop', 0, 6, 1, 128, 65536, 510),
        cells('ibm,max-sg-len', 4080),
      ]),
    ],
  );
}

function facility(
  name: string,
  compatible: string,
  phandle: number,
  resource: number,
  pool: number,
  limits: readonly Property[],
): TreeNode {
  return node(name, [
    string('name', name),
    string('compatible', compatible),
    string('status', 'okay'),
    cells('ibm,resource-id', resource),
    ...limits,
    cells('ibm,shared-interrupt-pool', pool),
    cells('ibm,phandle', phandle),
  ]);
}
