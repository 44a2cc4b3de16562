import { readFileSync } from 'node:fs';
import type { PageDocument } from './document.ts';

/** The empty page, as `npm run build:viewer` leaves it; the same from source and from the built package. */
const TEMPLATE = new URL('../../../dist/viewer/index.html', import.meta.url);

/** What stands for the data in the empty page. */
const DATA_SLOT = '<script type="application/json" id="data"></script>';

/** One self-contained HTML file, which loads nothing and runs no script but its own. */
export function pageToHtml(document: PageDocument): string {
  const empty = readFileSync(TEMPLATE, 'utf8');
  const at = empty.indexOf(DATA_SLOT);
  if (at < 0) throw new Error('the empty page has no place for data');
  const head = DATA_SLOT.slice(0, DATA_SLOT.indexOf('</'));
  const tail = empty.slice(at + DATA_SLOT.length);
  return `${empty.slice(0, at)}${head}${jsonForHtml(document)}</script>${tail}`;
}

/**
 * JSON that cannot end the script element it stands in: `<` is the only character that could, or could open a comment in
 * it. The two line separators are for readers that take JSON for JavaScript.
 */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
