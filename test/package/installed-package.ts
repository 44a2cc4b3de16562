import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buildCli, home } from '../cli/built-cli.ts';

const root = resolve(import.meta.dirname, '../..');

/** The package's package.json. */
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
};

export interface Installed {
  /** A folder that holds `node_modules/transplant` with its dependencies, and nothing else. */
  readonly project: string;
  remove(): void;
}

/**
 * Packs the built package and unpacks it as an installation does. Dependencies are links into this repository's
 * `node_modules`; optional peers and development dependencies are absent.
 */
export function installPackage(): Installed {
  buildCli();
  const project = mkdtempSync(join(tmpdir(), 'transplant-package-'));
  const staging = join(project, 'staging');
  mkdirSync(staging);
  cpSync(join(home, 'dist'), join(staging, 'dist'), { recursive: true });
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'examples', 'docs'])
    cpSync(join(root, name), join(staging, name), { recursive: true });
  const npm = ['pack', '--ignore-scripts', '--silent', '--offline', '--pack-destination', project];
  const tarball = execFileSync('npm', npm, { cwd: staging, encoding: 'utf8' }).trim();
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'transplant'), { recursive: true });
  execFileSync('tar', ['-xzf', join(project, tarball), '--strip-components=1'], {
    cwd: join(modules, 'transplant'),
  });
  rmSync(staging, { recursive: true });
  rmSync(join(project, tarball));
  for (const name of [...Object.keys(manifest.dependencies), '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n');
  return { project, remove: () => rmSync(project, { recursive: true, force: true }) };
}

/** The compiler of a TypeScript that is a development dependency of this name. */
export function compilerOf(name: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin/tsc');
}
