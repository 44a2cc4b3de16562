import type { PageDocument } from '../../src/report/page/document.ts';

/** The embedded data, or nothing in the empty page. The page and its data are made by one version, so nothing is checked. */
export function readDocument(text: string): PageDocument | undefined {
  return text === '' ? undefined : (JSON.parse(text) as PageDocument);
}
