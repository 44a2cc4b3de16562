import { describeValue } from '../devicetree/index.ts';

/** Longer texts are cut: a work area's whole content is not for one line. */
const LONGEST = 120;

/** A value for people, in the notation of device tree sources. */
export function showValue(name: string, value: Uint8Array): string {
  const { text } = describeValue({ name, value });
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${value.length} bytes)` : text;
}
