import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findScenario, migrate, overrideScenario } from '../../src/migration/index.ts';
import { loadTree } from '../support/load-tree.ts';
import { buildCli, transplant } from './built-cli.ts';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  ...['docs', 'docs/findings'].flatMap((folder) =>
    readdirSync(join(root, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : [])),
  ),
  ...readdirSync(join(root, 'examples')).map((name) => `examples/${name}/README.md`),
];

beforeAll(buildCli, 120_000);

/** What a page shows of a command: `$ transplant …` and lines of its output; a line `…` stands for some that are left out. */
const transcripts = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8');
  return Array.from(
    text.matchAll(/^```console\n\$ transplant (.*)\n([\s\S]*?)^```$/gm),
    ([, command = '', output = '']) => ({
      page,
      command,
      output,
    }),
  );
});

const isNotHere = /--kernel|\blab\b|\bcapture\b/;

describe.concurrent('transcripts are true', () => {
  test.each(transcripts.filter(({ command }) => !isNotHere.test(command)))(
    '$page: transplant $command',
    async ({ command, output }) => {
      const { stdout } = await transplant(command.split(' '));
      let rest = stdout;
      for (const part of output.trimEnd().split(/^ *…\n/m)) {
        const at = rest.indexOf(part.trimEnd());
        expect(at, `not printed, or not in this order:\n${part}`).toBeGreaterThanOrEqual(0);
        rest = rest.slice(at + part.trimEnd().length);
      }
    },
  );
});

/** Commands that pages name in passing. */
const named = new Set(
  pages.flatMap((page) =>
    Array.from(
      readFileSync(join(root, page), 'utf8').matchAll(
        /transplant ((?:migrate|compare|audit-drivers)(?: [a-z][a-z0-9-]*)?(?: --[a-z-]+ [^\s`#]+)*)/g,
      ),
      ([, command = '']) => command,
    ),
  ),
);

/** The values of options, by their names. */
const optionsOf = (command: string) =>
  Object.fromEntries(
    Array.from(command.matchAll(/--(\S+) (\S+)/g), ([, name = '', value = '']) => [
      name,
      name === 'fault' ? [value] : value,
    ]),
  );

describe('scenarios that pages name do run, as they say', () => {
  test.each(
    Array.from(named).filter(
      (command) => !/[…A-Z]|--fault help|^audit-drivers/.test(command) && !isNotHere.test(command),
    ),
  )('%s', async (command) => {
    const name = command.split(' ').find((word, at) => at === 1 && !word.startsWith('-'));
    const found = await findScenario(name, undefined, loadTree);
    await migrate(overrideScenario(found, optionsOf(command)));
  });
});
