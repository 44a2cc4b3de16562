import { hex32 } from '../../base/index.ts';
import { RangeWriter } from '../describe-range.ts';
import { formatValue } from '../format-value.ts';
import { type ByteRange, textAt } from '../work-area.ts';
import { DELETED } from './reply.ts';

/** The ranges of a work area before a call of `ibm,update-properties`. */
export function describeUpdatePropertiesCall(bytes: Uint8Array): ByteRange[] {
  const area = new RangeWriter(bytes);
  area.word('phandle', hex32);
  area.word('state', (state) => (state === 0 ? '0, from the start' : `${hex32(state)}, go on`));
  area.range(8, 'reserved');
  return area.rest('ignored');
}

/** The ranges of a reply, well-formed or not. */
export function describeUpdateProperties(bytes: Uint8Array): ByteRange[] {
  const area = new RangeWriter(bytes);
  area.word('phandle', hex32);
  area.word('state', hex32);
  area.range(8, 'reserved');
  const count = area.word('number of descriptors', String) ?? 0;
  for (let index = 0; index < count; index++) {
    if (area.remaining === 0) {
      area.missing(`descriptor ${index + 1} of ${count}, missing`);
      break;
    }
    describeDescriptor(area);
  }
  return area.rest('not used');
}

function describeDescriptor(area: RangeWriter): void {
  const end = area.bytes.indexOf(0, area.offset);
  if (end < 0) {
    area.range(area.remaining, 'name of property, without end');
    return;
  }
  const name = textAt(area.bytes, area.offset, end);
  area.range(end + 1 - area.offset, 'name of property', name === '' ? 'none: the path of the node' : name);
  const vd = area.word('value descriptor', describeValueDescriptor);
  if (vd === undefined || vd === 0 || vd === DELETED) return;
  const length = Math.abs(vd | 0);
  const data = area.bytes.subarray(area.offset, area.offset + length);
  const meaning = name === '' ? 'path of node' : (vd | 0) < 0 ? `part of ${name}` : `value of ${name}`;
  area.range(length, meaning, formatValue(name, data));
}

function describeValueDescriptor(vd: number): string {
  if (vd === 0) return 'no value';
  if (vd === DELETED) return 'deleted';
  return (vd | 0) < 0 ? `${-(vd | 0)} bytes, to be continued` : `${vd} bytes`;
}
