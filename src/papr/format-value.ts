import { describeValue } from '../devicetree/index.ts';

/** Longer texts are cut: a work area's whole content is not for one line. */
const MAX_TEXT_LENGTH = 120;

/** A value for people, in the notation of device tree sources. */
export function formatValue(name: string, value: Uint8Array): string {
  const { text } = describeValue({ name, value });
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}… (${value.length} bytes)` : text;
}
