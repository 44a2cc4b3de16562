import { readFile } from 'node:fs/promises';
import { parseDts, readDtb, type Tree } from '../../src/devicetree/index.ts';

/** A tree of an example: a source or a blob. */
export async function loadTree(path: string): Promise<Tree> {
  const bytes = await readFile(path);
  return path.endsWith('.dtb') ? readDtb(bytes, { file: path }) : parseDts(bytes, { file: path });
}
