import { readFileSync } from 'node:fs';
import type { PageDocument } from './document.ts';

/** The page without data that `npm run build:viewer` writes; the path is the same from src and from dist. */
const TEMPLATE = new URL('../../../dist/viewer/index.html', import.meta.url);

/** The element of the page without data that the data is inserted in. */
const DATA_SLOT = '<script type="application/json" id="data"></script>';

/** A page as one HTML file, which loads nothing else and runs only its own script. */
export function pageToHtml(document: PageDocument): string {
  const template = readFileSync(TEMPLATE, 'utf8');
  const at = template.indexOf(DATA_SLOT);
  if (at < 0) throw new Error(`${TEMPLATE.pathname} has no element for the data; run npm run build:viewer`);
  const head = DATA_SLOT.slice(0, DATA_SLOT.indexOf('</'));
  const tail = template.slice(at + DATA_SLOT.length);
  return `${template.slice(0, at)}${head}${jsonForHtml(document)}</script>${tail}`;
}

/**
 * JSON for a script element: `<` is escaped, because it could end the element or start a comment. U+2028 and U+2029 are
 * escaped for readers that parse JSON as JavaScript.
 */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
