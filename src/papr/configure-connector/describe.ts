import { hex32 } from '../../base/index.ts';
import { RangeWriter } from '../describe-range.ts';
import { formatValue } from '../format-value.ts';
import { type ByteRange, textAt, viewOf } from '../work-area.ts';

/** The ranges of a page before a call of `ibm,configure-connector`. */
export function describeConnectorCall(bytes: Uint8Array): ByteRange[] {
  const area = new RangeWriter(bytes);
  area.word('drc index', hex32);
  area.word('progress', (word) => (word === 0 ? '0, from the start' : `${hex32(word)}, go on`));
  return area.rest('unchanged since the last reply');
}

/** The ranges of a reply, well-formed or not, by the status of the call. */
export function describeConnector(status: number, bytes: Uint8Array): ByteRange[] {
  const area = new RangeWriter(bytes);
  area.word('drc index', hex32);
  area.word('progress', hex32);
  if (status < 1 || status > 3) return area.rest('not used');
  area.word('offset of name', String);
  if (status === 3) {
    area.word('length of value', String);
    area.word('offset of value', String);
  } else area.range(8, 'not used');

  // Names and values may be anywhere in any order; in a malformed page they may overlap each other or the header. The
  // ranges follow the bytes, and no byte is shown twice.
  for (const { from, to, meaning, value } of dataOf(status, bytes)) {
    if (from < area.offset) continue;
    if (from > area.offset) area.range(from - area.offset, 'not used');
    area.range(to - from, meaning, value);
  }
  return area.rest('not used');
}

interface Data {
  readonly from: number;
  readonly to: number;
  readonly meaning: string;
  readonly value: string;
}

function dataOf(status: number, bytes: Uint8Array): Data[] {
  if (bytes.length < 20) return [];
  const view = viewOf(bytes);
  const found: Data[] = [];
  const nameAt = view.getUint32(8);
  const nul = nameAt < bytes.length ? bytes.indexOf(0, nameAt) : -1;
  const name = nul < 0 ? '' : textAt(bytes, nameAt, nul);
  if (nul >= 0) {
    const meaning = status === 3 ? 'name of property' : 'name of node';
    found.push({ from: nameAt, to: nul + 1, meaning, value: name });
  }
  if (status === 3) {
    const from = view.getUint32(16);
    const to = from + view.getUint32(12);
    if (to <= bytes.length) {
      found.push({
        from,
        to,
        meaning: `value of ${name}`,
        value: formatValue(name, bytes.subarray(from, to)),
      });
    }
  }
  return found.sort((one, other) => one.from - other.from);
}
