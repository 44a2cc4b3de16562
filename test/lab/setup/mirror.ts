import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a package: text by path. */
type Files = Readonly<Record<string, string>>;

export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
  readonly files: Files;
}

/** A signed Debian mirror on disk, and a configuration folder of apt that names it. */
export interface TestMirror {
  /** Replaces `/etc/apt`. */
  readonly aptFolder: string;
  /** Path of a package's file. */
  deb(name: string): string;
}

/** Creates a mirror with one suite, `bookworm`. */
export function makeMirror(folder: string, packages: readonly TestPackage[], signed = true): TestMirror {
  const archive = join(folder, 'debian');
  const dist = join(archive, 'dists/bookworm');
  const binary = join(dist, 'main/binary-ppc64el');
  mkdirSync(binary, { recursive: true });
  const index = packages
    .map((entry) => addPackage(archive, join(folder, 'build', entry.name), entry))
    .join('\n');
  writeFileSync(join(binary, 'Packages'), index);
  const release = [
    'Origin: Debian',
    'Suite: oldstable',
    'Codename: bookworm',
    'Architectures: ppc64el',
    'Components: main',
    'Date: Sat, 01 Jan 2022 00:00:00 UTC',
    'SHA256:',
    ` ${sha256(Buffer.from(index))} ${Buffer.byteLength(index)} main/binary-ppc64el/Packages`,
    '',
  ].join('\n');
  writeFileSync(join(dist, 'Release'), release);
  const key = join(folder, 'key.gpg');
  if (signed) sign(folder, dist, key);
  const aptFolder = join(folder, 'apt');
  mkdirSync(aptFolder);
  writeFileSync(join(aptFolder, 'sources.list'), `deb [signed-by=${key}] file:${archive} bookworm main\n`);
  return { aptFolder, deb: (name) => join(archive, 'pool', `${name}.deb`) };
}

function addPackage(archive: string, build: string, { name, version, depends, files }: TestPackage): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(build, path, '..'), { recursive: true });
    writeFileSync(join(build, path), text);
  }
  mkdirSync(join(build, 'DEBIAN'), { recursive: true });
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: ppc64el',
    'Maintainer: nobody <nobody@example.org>',
    ...(depends === undefined ? [] : [`Depends: ${depends}`]),
    'Description: for tests',
  ];
  writeFileSync(join(build, 'DEBIAN/control'), `${control.join('\n')}\n`);
  const deb = join(archive, 'pool', `${name}.deb`);
  mkdirSync(join(archive, 'pool'), { recursive: true });
  execFileSync('dpkg-deb', ['-Znone', '--root-owner-group', '-b', build, deb], { stdio: 'ignore' });
  const facts = [
    `Filename: pool/${name}.deb`,
    `Size: ${statSync(deb).size}`,
    `SHA256: ${sha256(readFileSync(deb))}`,
  ];
  return `${[...control, ...facts].join('\n')}\n`;
}

function sign(folder: string, dist: string, key: string): void {
  const home = join(folder, 'gnupg');
  mkdirSync(home, { mode: 0o700 });
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...args], {
      stdio: 'ignore',
    });
  gpg('--quick-generate-key', 'test@example.org', 'ed25519', 'sign', 'never');
  gpg('--output', key, '--export');
  gpg('--output', join(dist, 'InRelease'), '--clearsign', join(dist, 'Release'));
  execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
