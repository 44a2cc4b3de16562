import { openBlob } from './blob.ts';
import { Cursor } from './cursor.ts';
import { emitTree } from './emit-tree.ts';
import { Emitter } from './emitter.ts';
import { BEGIN_NODE, END, PROP } from './format.ts';
import type { Dtb } from './read.ts';

/** The structure of an unmodified blob, copied from its bytes without building nodes. */
export function emitBlob(dtb: Dtb, start: number): Emitter {
  const blob = openBlob(dtb.layout.bytes);
  const { bytes, names } = blob;
  const emitter = new Emitter(start, dtb.layout.structure.size + dtb.layout.strings.size);
  /** For each byte of the old strings block, one more than the new offset of its name; 0 if not known yet. */
  const offsets = new Int32Array(dtb.layout.strings.size);
  const cursor = new Cursor(blob);
  for (let tag = cursor.next(); tag !== END; tag = cursor.next()) {
    if (tag === PROP) {
      let offset = (offsets[cursor.name] ?? 0) - 1;
      if (offset < 0) {
        const name = names.at(cursor.name);
        offset = emitter.strings.known(name) ?? emitter.strings.add(name);
        offsets[cursor.name] = offset + 1;
      }
      emitter.property(offset, bytes, cursor.from, cursor.to);
    } else if (tag === BEGIN_NODE) emitter.begin(bytes, cursor.from, cursor.to);
    else emitter.end();
    // Properties after subnodes must be moved before them.
    if (cursor.interleaved) return emitTree(dtb, start);
  }
  return emitter;
}
