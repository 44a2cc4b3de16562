import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCli, home } from '../cli/built-cli.ts';
import { pages, readPage } from '../support/pages.ts';

/**
 * TypeScript in the documents is a whole program: it is compiled and run against the built package. TypeScript in a doc
 * comment is a fragment that may use the exports of its file and of all rooms, and the placeholders below: it is compiled against the sources.
 */

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** Names that fragments use and do not define. */
const placeholders = `
declare const run: (chooser: unknown) => unknown;
declare const runs: readonly (readonly number[])[];
declare const scenario: import('${join(root, 'src/migration/index.ts')}').Scenario;
declare const bounds: object;
declare const before: import('${join(root, 'src/devicetree/index.ts')}').Tree;
declare const after: typeof before;
declare const readFile: typeof import('node:fs/promises').readFile;
`;

interface Snippet {
  readonly place: string;
  readonly code: string;
}

const programs: readonly Snippet[] = pages.flatMap((page) =>
  Array.from(readPage(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm), ([, code = ''], index) => ({
    place: `${page}, ${index + 1}`,
    code,
  })),
);

const namesIn = (source: string, pattern: RegExp) =>
  Array.from(source.matchAll(pattern), (each) => String(each[1]));

const rooms = readdirSync(join(root, 'src')).filter((name) => !name.endsWith('.ts') && name !== 'cli');

/** What the index of a room exports, by its path. */
const ofIndexes = rooms.map((room) => {
  const path = join(root, 'src', room, 'index.ts');
  return { path, names: namesIn(readFileSync(path, 'utf8'), /(?<=[{,]\s*(?:type )?)(\w+)(?=\s*[,}])/g) };
});

const fragments: readonly Snippet[] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .flatMap((name) => {
    const path = join(root, 'src', name);
    const text = readFileSync(path, 'utf8');
    const own = namesIn(text, /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm);
    const sources = [{ path, names: own }, ...ofIndexes];
    return Array.from(text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gm), ([, comment = ''], at) => {
      const code = comment.replace(/^ *\* ?/gm, '');
      const imports = Array.from(new Set(code.match(/\w+/g)), (word) => {
        const source = sources.find(({ names }) => names.includes(word));
        return source ? `import { ${word} } from '${source.path}';` : '';
      });
      const body = ['export async function example(): Promise<void> {', code, '}'];
      return { place: `${name}, ${at + 1}`, code: [...imports, placeholders, ...body].join('\n') };
    });
  });

let folder = '';
beforeAll(() => {
  buildCli();
  folder = join(home, `snippets-${process.pid}`);
  for (const [kind, snippets, options] of [
    ['programs', programs, { noEmit: false, paths: {} }],
    [
      'fragments',
      fragments,
      {
        noUnusedLocals: false,
        rewriteRelativeImportExtensions: false,
        allowImportingTsExtensions: true,
        verbatimModuleSyntax: false,
      },
    ],
  ] as const) {
    mkdirSync(join(folder, kind), { recursive: true });
    for (const [index, { code }] of snippets.entries())
      writeFileSync(join(folder, kind, `${index}.ts`), code);
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions: options, include: ['*.ts'] };
    writeFileSync(join(folder, kind, 'tsconfig.json'), JSON.stringify(config));
  }
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler reports, with the places of the snippets in it. */
async function compile(kind: string, snippets: readonly Snippet[]): Promise<string> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = { cwd: join(folder, kind) };
  const output = await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], options).then(
    () => '',
    ({ stdout }) => String(stdout),
  );
  return output.replace(/^(\d+)\.ts/gm, (_, index: string) => snippets[Number(index)]?.place ?? index);
}

test('TypeScript in doc comments compiles', async () => {
  expect(fragments.length).toBeGreaterThan(0);
  expect(await compile('fragments', fragments)).toBe('');
});

describe('TypeScript in documents', () => {
  test('compiles', async () => {
    expect(await compile('programs', programs)).toBe('');
  });

  test.each(programs.map(({ place }, index) => [place, index] as const))('runs: %s', async (_, index) => {
    await run(process.execPath, [join(folder, 'programs', `${index}.js`)], { cwd: root });
  });
});
