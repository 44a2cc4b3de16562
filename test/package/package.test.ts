import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilerOf, type Installed, installPackage, manifest } from './installed-package.ts';

const run = promisify(execFile);

let installed: Installed;
beforeAll(() => {
  installed = installPackage();
}, 180_000);
afterAll(() => installed.remove());

const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
const bundler = { module: 'esnext', moduleResolution: 'bundler', noEmit: true };

/** What a compiler reports of the program and of the package's declarations, a line each. */
async function compile(compiler: string, name: string, options: object): Promise<readonly string[]> {
  const folder = join(installed.project, name);
  mkdirSync(folder);
  const files = ['program.ts', 'public-names.ts'];
  for (const file of files) cpSync(join(import.meta.dirname, file), join(folder, file));
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    types: ['node'],
    strict: true,
    verbatimModuleSyntax: true,
    ...options,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const command = [compilerOf(compiler), '-p', folder, '--pretty', 'false'];
  const settings = { cwd: installed.project, maxBuffer: 2 ** 26 };
  const output = await run(process.execPath, command, settings).then(
    () => '',
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  );
  // Declarations of dependencies may need a newer compiler than ours do.
  return output
    .split('\n')
    .filter((line) => line !== '' && !/^(?:\s|(?!.*transplant).*node_modules)/.test(line));
}

describe('a program that uses the package', () => {
  test.each([
    ['typescript-5.4', 'nodenext', nodenext],
    ['typescript-5.4', 'bundler', bundler],
    ['typescript-6', 'bundler', bundler],
    ['typescript', 'nodenext', nodenext],
  ] as const)('compiles with %s, %s', async (compiler, resolution, options) => {
    expect(await compile(compiler, `${compiler}-${resolution}`, options)).toEqual([]);
  });

  test('runs in Node with the dependencies alone', async () => {
    expect(await compile('typescript', 'run', nodenext)).toEqual([]);
    const { stdout } = await run(process.execPath, [join(installed.project, 'run/program.js')]);
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'stale',
      model: 'm',
      error: 'InputError',
      choice: 0,
      messages: 4,
      status: 'success',
      functions: ['function', 'function'],
      verdict: true,
    });
    await run(process.execPath, [join(installed.project, 'run/public-names.js')]);
  });
});

test('every public module loads, except those that need an optional peer', async () => {
  const names = Object.keys(manifest.exports).filter((name) => !/json|redis/.test(name));
  const script = names.map((name) => `await import('${name.replace('.', 'transplant')}');`).join('\n');
  writeFileSync(join(installed.project, 'load.js'), script);
  await run(process.execPath, [join(installed.project, 'load.js')]);
});

test('the command runs from the installed package', async () => {
  const bin = join(installed.project, 'node_modules/transplant/dist/cli/index.js');
  const { stdout } = await run(process.execPath, [bin, 'migrate', '--policy', 'reconcile'], {
    cwd: installed.project,
  });
  expect(stdout).toMatch(/^ *safe/m);
});

test('the package holds no sources, tests or source maps', () => {
  const folder = join(installed.project, 'node_modules/transplant');
  expect(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map')),
  ).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist',
    'docs',
    'examples',
    'package.json',
  ]);
});

test('every type that a public signature uses is public', async () => {
  const script = join(import.meta.dirname, 'missing-types.js');
  const { stdout } = await run(process.execPath, [
    script,
    join(installed.project, 'node_modules/transplant'),
  ]);
  expect(stdout).toBe('');
});
