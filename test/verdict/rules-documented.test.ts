import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { linesToMarkdown, rulesToMarkdown, rulesToText } from '../../src/report/index.ts';
import { knownLines, rules } from '../../src/verdict/index.ts';

/** Rows of a table, whatever it is padded with. */
const rowsOf = (page: string) =>
  page.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return /^`[a-z-]+`$/.test(cells[1] ?? '') ? [cells] : [];
  });

test('docs/rules.md has every rule, in its own words', async () => {
  const page = await readFile(resolve(import.meta.dirname, '../../docs/rules.md'), 'utf8');
  expect(rowsOf(page)).toEqual(rowsOf(rulesToMarkdown(rules)));
  expect(rowsOf(page)).toHaveLength(rules.length);
});

test('every rule says why it matters and what to do, in whole sentences', () => {
  for (const { why, remedy } of rules) {
    expect(why).toMatch(/^(ibm,|[A-Z/]).*\.$/);
    expect(remedy).toMatch(/^(ibm,|[A-Z/]).*\.$/);
  }
});

test('rules in a terminal fit 80 columns', () => {
  for (const line of rulesToText(rules).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('docs/field.md lists every known line by the file that prints it', async () => {
  const page = await readFile(resolve(import.meta.dirname, '../../docs/field.md'), 'utf8');
  const [, , ...rows] = linesToMarkdown(knownLines).trimEnd().split('\n');
  for (const row of rows) expect(page).toContain(`${row}\n`);
});
