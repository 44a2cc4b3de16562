import { writeLatin1 } from '../../base/index.ts';
import { viewOf, WORK_AREA_SIZE } from '../work-area.ts';
import {
  DELETED,
  DESCRIPTORS_OFFSET,
  descriptorSize,
  type PropertyDescriptor,
  type UpdatePropertiesReply,
} from './reply.ts';

/**
 * The first part of a work area, up to the end of the last descriptor.
 * @throws RangeError if the descriptors do not fit a work area
 */
export function encodeUpdateProperties(reply: UpdatePropertiesReply): Uint8Array {
  let size = DESCRIPTORS_OFFSET;
  for (const descriptor of reply.descriptors) size += descriptorSize(descriptor);
  if (size > WORK_AREA_SIZE) throw new RangeError(`descriptors of ${size} bytes do not fit a work area`);

  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  view.setUint32(0, reply.phandle);
  view.setUint32(4, reply.state);
  view.setUint32(16, reply.descriptors.length);
  let at = DESCRIPTORS_OFFSET;
  for (const descriptor of reply.descriptors) {
    const name = descriptor.kind === 'path' ? '' : descriptor.name;
    writeLatin1(bytes, at, name);
    at += name.length + 1;
    view.setUint32(at, valueDescriptor(descriptor));
    at += 4;
    if (descriptor.kind === 'path') {
      writeLatin1(bytes, at, descriptor.path);
      at += descriptor.path.length + 1;
    } else if (descriptor.kind === 'value' || descriptor.kind === 'partial') {
      bytes.set(descriptor.value, at);
      at += descriptor.value.length;
    }
  }
  return bytes;
}

function valueDescriptor(descriptor: PropertyDescriptor): number {
  switch (descriptor.kind) {
    case 'path':
      return descriptor.path.length + 1;
    case 'value':
      return descriptor.value.length;
    case 'partial':
      return -descriptor.value.length;
    case 'deleted':
      return DELETED;
    case 'empty':
      return 0;
  }
}
