import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findScenario, migrate, overrideScenario } from '../../src/migration/index.ts';
import { loadTree } from '../support/load-tree.ts';
import { pages, readPage } from '../support/pages.ts';
import { buildCli, transplant } from './built-cli.ts';

beforeAll(buildCli, 120_000);

/** The transcripts of a page: `$ transplant …` and its output, in which a line `…` stands for omitted lines. */
const transcripts = pages.flatMap((page) => {
  const text = readPage(page);
  return Array.from(
    text.matchAll(/^```console\n\$ transplant (.*)\n([\s\S]*?)^```$/gm),
    ([, command = '', output = '']) => ({
      page,
      command,
      output,
    }),
  );
});

/** Commands that need a real kernel, or the machine that they run on. */
const isNotHere = /--kernel|\blab\b|\bcapture\b/;

describe.concurrent('transcripts in documents match the output', () => {
  test.each(transcripts.filter(({ command }) => !isNotHere.test(command)))(
    '$page: transplant $command',
    async ({ command, output }) => {
      const { stdout } = await transplant(command.split(' '));
      let rest = stdout;
      for (const part of output.trimEnd().split(/^ *…\n/m)) {
        const at = rest.indexOf(part.trimEnd());
        expect(at, `not printed, or in another order:\n${part}`).toBeGreaterThanOrEqual(0);
        rest = rest.slice(at + part.trimEnd().length);
      }
    },
  );
});

/** Commands that documents mention in their text. */
const named = new Set(
  pages.flatMap((page) =>
    Array.from(
      readPage(page).matchAll(
        /transplant ((?:migrate|compare|audit-drivers)(?: [a-z][a-z0-9-]*)?(?: --[a-z-]+ [^\s`#]+)*)/g,
      ),
      ([, command = '']) => command,
    ),
  ),
);

/** The values of the options of a command, by name. */
const optionsOf = (command: string) =>
  Object.fromEntries(
    Array.from(command.matchAll(/--(\S+) (\S+)/g), ([, name = '', value = '']) => [
      name,
      name === 'fault' ? [value] : value,
    ]),
  );

test('the README of every example runs it', () => {
  const missing = readdirSync(join(import.meta.dirname, '../../examples')).filter(
    (name) =>
      !named.has(`migrate ${name}`) && !Array.from(named).some((each) => each.startsWith(`migrate ${name} `)),
  );
  expect(missing).toEqual([]);
});

describe('commands that documents mention run', () => {
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
