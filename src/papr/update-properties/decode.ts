import { AreaReader, textAt } from '../work-area.ts';
import { DELETED, type PropertyDescriptor, type UpdatePropertiesReply } from './reply.ts';

/**
 * Reads a reply, strictly, as LoPAR defines it; a kernel may accept others.
 *
 * @param bytes a whole work area or its filled first part; bytes after the descriptors are ignored
 * @returns values are views of `bytes`, not copies
 * @throws InputError with the offset: reserved bytes that are not zero, a name without end, data beyond the work area, a
 *   path that is not absolute or not the first descriptor, a partial property that is not the last descriptor
 */
export function decodeUpdateProperties(bytes: Uint8Array): UpdatePropertiesReply {
  const area = new AreaReader(bytes);
  const phandle = area.word('phandle');
  const state = area.word('state');
  area.zeros(8, 'reserved');
  const count = area.word('number of descriptors');
  const descriptors: PropertyDescriptor[] = [];
  // Each descriptor takes bytes, so a count that is too large ends in an error at the end of the work area.
  for (let index = 0; index < count; index++) {
    const previous = descriptors.at(-1);
    if (previous?.kind === 'partial') {
      throw area.error(`a partial property must be the last descriptor, and ${previous.name} is not`);
    }
    descriptors.push(readDescriptor(area, index === 0));
  }
  return { phandle, state, descriptors };
}

function readDescriptor(area: AreaReader, isFirst: boolean): PropertyDescriptor {
  const at = area.offset;
  const name = area.text('name of property');
  const vd = area.word('value descriptor');
  if (name === '') {
    if (!isFirst) throw area.error('only the first descriptor may be a path', at);
    return { kind: 'path', path: readPath(area, vd) };
  }
  if (vd === 0) return { kind: 'empty', name };
  if (vd === DELETED) return { kind: 'deleted', name };
  const length = vd | 0;
  if (length < 0) return { kind: 'partial', name, value: area.take(-length, `part of ${name}`) };
  return { kind: 'value', name, value: area.take(length, `value of ${name}`) };
}

/** The length of a path may include its NUL or not; LoPAR says only "length". */
function readPath(area: AreaReader, vd: number): string {
  const at = area.offset;
  const bytes = area.take(vd, 'path of node');
  const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
  const path = textAt(bytes, 0, end);
  if (!path.startsWith('/') || path.includes('\0'))
    throw area.error('path of node is not an absolute path', at);
  return path;
}
