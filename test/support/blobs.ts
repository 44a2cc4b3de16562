/** Hand-made device tree blobs: every byte of them where a test wants it, right or wrong. */

export type BlockName = 'reservations' | 'structure' | 'strings';

export interface Recipe {
  /** Default: 17. */
  readonly version?: number;
  readonly bootCpu?: number;
  /** Pairs of address and size; the entry that ends them is added. */
  readonly reservations?: readonly (readonly [bigint, bigint])[];
  readonly structure: Uint8Array;
  readonly strings?: Uint8Array;
  /** Default: the order of dtc. */
  readonly order?: readonly BlockName[];
  /** So many bytes of 0xaa before each block. */
  readonly gap?: number;
  /** Bytes at the end that belong to the blob. */
  readonly padding?: Uint8Array;
  /** Bytes after the end. */
  readonly trailing?: Uint8Array;
  /** Words of the header that are to be something else, by their byte offset. */
  readonly header?: Readonly<Record<number, number>>;
}

const HEADER_SIZES: Readonly<Record<number, number>> = { 1: 28, 2: 32, 3: 36, 16: 36 };

export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return bytes;
}

export function text(characters: string): Uint8Array {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function repeat(part: Uint8Array, times: number): Uint8Array {
  const bytes = new Uint8Array(part.length * times);
  for (let index = 0; index < times; index += 1) bytes.set(part, index * part.length);
  return bytes;
}

function aligned(bytes: Uint8Array, to = 4): Uint8Array {
  return concat(bytes, new Uint8Array((to - (bytes.length % to)) % to));
}

export const begin = (name: string) => concat(words(1), aligned(text(`${name}\0`)));
export const end = () => words(2);
export const nop = () => words(4);
export const finish = () => words(9);

/** A property; `before` is how many bytes of zero stand between its head and its value. */
export function prop(name: number, value: Uint8Array, before = 0): Uint8Array {
  return concat(words(3, value.length, name), new Uint8Array(before), aligned(value));
}

export function blob(recipe: Recipe): Uint8Array {
  const version = recipe.version ?? 17;
  const headerSize = HEADER_SIZES[version] ?? 40;
  const reservations = recipe.reservations ?? [];
  const map = new DataView(new ArrayBuffer((reservations.length + 1) * 16));
  for (const [index, [address, size]] of reservations.entries()) {
    map.setBigUint64(index * 16, address);
    map.setBigUint64(index * 16 + 8, size);
  }
  const blocks: Record<BlockName, Uint8Array> = {
    reservations: new Uint8Array(map.buffer),
    structure: recipe.structure,
    strings: recipe.strings ?? new Uint8Array(0),
  };
  const offsets: Record<BlockName, number> = { reservations: 0, structure: 0, strings: 0 };
  const gap =
    recipe.gap === undefined
      ? new Uint8Array((8 - (headerSize % 8)) % 8)
      : new Uint8Array(recipe.gap).fill(0xaa);
  let body: Uint8Array = new Uint8Array(0);
  for (const name of recipe.order ?? (['reservations', 'structure', 'strings'] as const)) {
    if (recipe.gap !== undefined || body.length === 0) body = concat(body, gap);
    offsets[name] = headerSize + body.length;
    body = concat(body, blocks[name]);
  }
  body = concat(body, recipe.padding ?? new Uint8Array(0));
  const header = new DataView(new ArrayBuffer(40));
  const fields = [
    0xd00dfeed,
    headerSize + body.length,
    offsets.structure,
    offsets.strings,
    offsets.reservations,
    version,
    version >= 16 ? 16 : 1,
    recipe.bootCpu ?? 0,
    blocks.strings.length,
    blocks.structure.length,
  ];
  for (const [index, field] of fields.entries())
    header.setUint32(index * 4, recipe.header?.[index * 4] ?? field);
  return concat(new Uint8Array(header.buffer, 0, headerSize), body, recipe.trailing ?? new Uint8Array(0));
}
