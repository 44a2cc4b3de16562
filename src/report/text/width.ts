import { createRequire } from 'node:module';
import type stringWidth from 'string-width';

/** Printable ASCII, Latin-1, and the punctuation, arrows, signs and lines that reports use: one column each. */
const NARROW = /^[\x20-\x7e\xa0-\xac\xae-\xff‐-‧←-↕−≠⊘─-╿✓✗]*$/;

let measure: typeof stringWidth | undefined;

/**
 * The number of terminal columns that a text takes: wide characters (CJK, emoji) take two, combining marks none.
 *
 * string-width is loaded by the first text that needs it, because loading takes 20 ms, as long as many commands run.
 */
export function columns(text: string): number {
  if (NARROW.test(text)) return text.length;
  measure ??= loadStringWidth();
  return measure(text);
}

function loadStringWidth(): typeof stringWidth {
  const require = createRequire(import.meta.url);
  return (require('string-width') as { readonly default: typeof stringWidth }).default;
}

/** Appends spaces up to a width in columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** Prepends spaces up to a width in columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text;
}
