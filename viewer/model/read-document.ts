import type { PageDocument } from '../../src/report/page/document.ts';

/** The embedded data; undefined in the page without data. It is not checked, because one version makes page and data. */
export function readDocument(text: string): PageDocument | undefined {
  return text === '' ? undefined : (JSON.parse(text) as PageDocument);
}
