import { describeValue } from '../devicetree/index.ts';

/** Characters of a value in one line; longer values are cut. */
const MAX_TEXT_LENGTH = 120;

/** A value in the notation of device tree sources, for one line. */
export function formatValue(name: string, value: Uint8Array): string {
  const { text } = describeValue({ name, value });
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}… (${value.length} bytes)` : text;
}
