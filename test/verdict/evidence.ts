import { node, type Property, type Tree, type TreeNode, tree } from '../../src/devicetree/index.ts';
import type { LogLine, Observation } from '../../src/partition/index.ts';

/** A property of one big-endian cell each. */
export function cells(name: string, ...values: number[]): Property {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return { name, value: new Uint8Array(bytes) };
}

export const text = (name: string, value: string): Property => ({
  name,
  value: new Uint8Array(Buffer.from(`${value}\0`, 'latin1')),
});

/** `/ibm,platform-facilities` with one leaf per name, phandles counting down as on a real partition. */
export function facilities(leaves: readonly TreeNode[]): Tree {
  const parent = node('ibm,platform-facilities', [cells('ibm,phandle', 0xfffffff6)], leaves);
  return tree(node('', [cells('ibm,phandle', 0xffffffff)], [parent]));
}

export const random = node('ibm,random-v1', [
  cells('ibm,phandle', 0xfffffff5),
  cells('ibm,shared-interrupt-pool', 1),
]);

/** An observation in which nothing is wrong, but for what is said. */
export function observation(
  of: Partial<Observation> & { readonly lines?: readonly string[] } = {},
): Observation {
  const { lines = [], ...rest } = of;
  const log: LogLine[] = lines.map((line, index) => ({ seconds: index, level: 6, text: line }));
  return {
    platform: { kind: 'model', release: '6.12', policy: 'ignore', description: 'modelled kernel 6.12' },
    tree: facilities([random]),
    unread: [],
    devices: [
      {
        name: 'ibm,random-v1',
        driver: 'pseries-rng',
        ofNode: {
          state: 'resolves',
          target: '../../../firmware/devicetree/base/ibm,platform-facilities/ibm,random-v1',
        },
      },
    ],
    log,
    warnings: [],
    drivers: [],
    ...rest,
  };
}

/** The lines of a warning with its call trace. */
export const traced = (message: string, ...functions: readonly string[]): readonly string[] => [
  '------------[ cut here ]------------',
  message,
  'Call Trace:',
  ...functions.map((name) => `[c000000000000010] [c000000000000020] ${name}+0x10/0x20`),
  '---[ end trace 0000000000000000 ]---',
];
