import fc from 'fast-check';
import {
  type Property,
  type Reservation,
  type Tree,
  type TreeNode,
  tree,
} from '../../src/devicetree/index.ts';

/** The seed of every property test, so that a failure here is a failure everywhere. */
export const SEED = 0x5eed;

export interface TreeOptions {
  /** Maximum number of nodes below the root. Default: 12. */
  readonly maxNodes?: number;
  /** `dts`: names that a source can spell; `latin1`: any byte but NUL and `/`. Default: `dts`. */
  readonly names?: 'dts' | 'latin1';
  /** Whether some nodes have their own `phandle`. Default: true. */
  readonly phandles?: boolean;
}

const DTS_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789,._+*#?-';
const LATIN1_CHARACTERS = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1)).filter(
  (character) => character !== '/',
);

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(index + 0x20));

const NODE_NAMES = [
  'cpus',
  'PowerPC,POWER9',
  'l2-cache',
  'ibm,platform-facilities',
  'ibm,random-v1',
  'ibm,compression-v1',
  'ibm,dynamic-reconfiguration-memory',
  'memory',
  'vdevice',
  'aliases',
  'name',
];

// Some are the end of another, so that a strings block has something to share.
const PROPERTY_NAMES = [
  'name',
  'compatible',
  'device_type',
  'type',
  'reg',
  'ibm,drc-index',
  'index',
  'ibm,drc-names',
  'ibm,shared-interrupt-pool',
  '#address-cells',
  'address-cells',
  'cells',
  'status',
  'l2-cache',
];

function letters(characters: readonly string[], maxLength: number, minLength = 1): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength });
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The bytes of a property: nothing, text, lists of text, cells, or any bytes. */
export const propertyValues: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constant(new Uint8Array(0)),
  letters(PRINTABLE, 40, 0).map((text) => bytesOf(`${text}\0`)),
  fc
    .array(letters(PRINTABLE, 12), {
      minLength: 1,
      maxLength: 4,
    })
    .map((texts) => bytesOf(`${texts.join('\0')}\0`)),
  fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 8 }).map((cells) => {
    const value = new Uint8Array(cells.length * 4);
    const view = new DataView(value.buffer);
    for (const [index, cell] of cells.entries()) view.setUint32(index * 4, cell);
    return value;
  }),
  fc.uint8Array({ maxLength: 33 }),
);

interface Seedling {
  readonly parent: number;
  readonly name: string;
  readonly unit: number | undefined;
  readonly properties: readonly Property[];
  readonly phandle: number | undefined;
}

/**
 * Trees of any shape: what a parser, printer, comparison or firmware must be able to take. Names are unique among
 * siblings and among a node's properties, phandles are unique and neither 0 nor 0xffffffff.
 */
export function trees(options: TreeOptions = {}): fc.Arbitrary<Tree> {
  const characters = options.names === 'latin1' ? LATIN1_CHARACTERS : [...DTS_CHARACTERS];
  const properties = fc.uniqueArray(
    fc.record({
      name: fc
        .oneof(fc.constantFrom(...PROPERTY_NAMES), letters(characters, 31))
        .filter((name) => name !== 'phandle' && name !== 'linux,phandle'),
      value: propertyValues,
    }),
    { maxLength: 5, selector: (property) => property.name },
  );
  const seedling: fc.Arbitrary<Seedling> = fc.record({
    parent: fc.nat(),
    name: fc.oneof(fc.constantFrom(...NODE_NAMES), letters(characters, 27)),
    unit: fc.option(fc.integer({ min: 0, max: 0xffffffff }), { nil: undefined, freq: 2 }),
    properties,
    phandle:
      options.phandles === false
        ? fc.constant(undefined)
        : fc.option(fc.integer({ min: 1, max: 0xfffffffe }), { nil: undefined, freq: 2 }),
  });
  const reservation: fc.Arbitrary<Reservation> = fc.record({
    address: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
    size: fc.bigInt({ min: 1n, max: 0xffffffffffffffffn }),
  });
  return fc
    .record({
      root: properties,
      seedlings: fc.array(seedling, { maxLength: options.maxNodes ?? 12 }),
      reservations: fc.array(reservation, { maxLength: 3 }),
      bootCpu: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffffffff })),
    })
    .map((parts) => tree(grow(parts.root, parts.seedlings), parts.reservations, parts.bootCpu));
}

/** Every seedling's parent is one before it in the list, which keeps shrinking simple. */
function grow(rootProperties: readonly Property[], seedlings: readonly Seedling[]): TreeNode {
  const nodes = [{ name: '', properties: rootProperties, children: [] as TreeNode[] }];
  const phandles = new Set<number>();
  for (const [index, seedling] of seedlings.entries()) {
    const siblings = nodes[seedling.parent % nodes.length]?.children ?? [];
    const properties = [...seedling.properties];
    if (seedling.phandle !== undefined && !phandles.has(seedling.phandle)) {
      phandles.add(seedling.phandle);
      const value = new Uint8Array(4);
      new DataView(value.buffer).setUint32(0, seedling.phandle);
      properties.push({ name: 'phandle', value });
    }
    const plain =
      seedling.unit === undefined ? seedling.name : `${seedling.name}@${seedling.unit.toString(16)}`;
    const taken = siblings.some((sibling) => sibling.name === plain);
    const grown = { name: taken ? `${seedling.name}@${index}` : plain, properties, children: [] };
    if (siblings.some((sibling) => sibling.name === grown.name)) continue;
    siblings.push(grown);
    nodes.push(grown);
  }
  return nodes[0] as TreeNode;
}
