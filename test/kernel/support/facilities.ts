import { node, type Property, type Tree, type TreeNode, tree } from '../../../src/devicetree/index.ts';
import type { ConnectorItem } from '../../../src/papr/index.ts';
import { connector, nodes, type Script } from './scripted.ts';

/** The tree and the messages of the report of 20 October 2021. */

export const PARENT = 0xfffffff6;
export const RANDOM = 0xfffffff5;
export const COMPRESSION = 0xfffffff4;
export const ENCRYPTION = 0xfffffff3;
export const ROOT = 0xffffffff;
export const DRC = 0x2000_0001;

export const facilitiesPath = '/ibm,platform-facilities';
export const leaves = ['ibm,random-v1', 'ibm,compression-v1', 'ibm,sym-encryption-v1'];

export function text(name: string, value: string): Property {
  return { name, value: Uint8Array.from(`${value}\0`, (char) => char.charCodeAt(0)) };
}

export function cells(name: string, ...values: number[]): Property {
  const value = new Uint8Array(4 * values.length);
  const view = new DataView(value.buffer);
  for (const [index, cell] of values.entries()) view.setUint32(4 * index, cell);
  return { name, value };
}

export function facilities(pool: number): TreeNode {
  const leaf = (name: string, compatible: string, phandle: number, more: Property[] = []) =>
    node(name, [
      text('name', name),
      text('compatible', compatible),
      text('status', 'okay'),
      ...more,
      cells('ibm,shared-interrupt-pool', pool),
      cells('ibm,phandle', phandle),
    ]);
  const compression = [
    cells('ibm,max-sync-cop', 1, 65536, 510, 1, 65536, 510),
    cells('ibm,max-sg-len', 4080),
  ];
  const aes = [128, 192, 256].flatMap((bits) => [bits, 65536, 510]);
  const encryption = [
    cells('ibm,max-sync-cop', 0, 0, 3, ...aes, 0, 1, 3, ...aes),
    cells('ibm,max-sg-len', 4080),
  ];
  return node(
    'ibm,platform-facilities',
    [
      text('name', 'ibm,platform-facilities'),
      text('device_type', 'ibm,platform-facilities'),
      cells('ibm,phandle', PARENT),
    ],
    [
      leaf('ibm,random-v1', 'ibm,random', RANDOM),
      leaf('ibm,compression-v1', 'ibm,compression', COMPRESSION, compression),
      leaf('ibm,sym-encryption-v1', 'ibm,sym-encryption', ENCRYPTION, encryption),
    ],
  );
}

/** A root with a phandle and these children. */
export function rootOf(...children: TreeNode[]): Tree {
  return tree(node('', [text('name', ''), cells('ibm,phandle', ROOT)], children));
}

/** The replies of configure-connector for a subtree: next-child for the first child, next-sibling for the others. */
export function connectorItems(subtree: TreeNode, status: 1 | 2 = 2): ConnectorItem[] {
  return [
    { status, name: subtree.name },
    ...subtree.properties.map(({ name, value }): ConnectorItem => ({ status: 3, name, value })),
    ...subtree.children.flatMap((child, index) => connectorItems(child, index === 0 ? 2 : 1)),
    ...(subtree.children.length > 0 ? [{ status: 4 } as const] : []),
  ];
}

/** Deletes the leaves and the parent, then adds the whole subtree with one message; for two migrations. */
export const reportedScript: Script = {
  nodes: [
    nodes([
      { operation: 'delete', phandles: [RANDOM, COMPRESSION, ENCRYPTION] },
      { operation: 'delete', phandles: [PARENT] },
      { operation: 'add', pairs: [{ parent: ROOT, drcIndex: DRC }] },
    ]),
  ],
  connectors: { [DRC]: repeatable(connectorItems(facilities(0x2fffff02))) },
};

/** The same sequence twice, for two migrations. */
function repeatable(items: ConnectorItem[]) {
  const once = connector(DRC, [...items, { status: 0 }]);
  return [...once, ...once];
}
