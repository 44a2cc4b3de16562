import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Paths of the documents that users read: README, docs and the READMEs of the examples. */
export const pages: readonly string[] = [
  'README.md',
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => `${folder}/${name}`)
      .sort(),
  ),
];

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');
