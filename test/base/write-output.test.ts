import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentError, InputError } from '../../src/base/index.ts';
import { writeOutput } from '../../src/base/write-output.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transplant-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is replaced, and nothing else stays in the folder', async () => {
  const path = join(folder, 'out');
  await writeOutput(path, 'one');
  await writeOutput(path, Uint8Array.of(0x32));
  expect(readFileSync(path, 'latin1')).toBe('2');
  expect(readdirSync(folder)).toEqual(['out']);
});

test('a folder that is not there is named with its errno', async () => {
  const path = join(folder, 'none', 'out');
  const failed = await writeOutput(path, '').catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(InputError);
  expect((failed as InputError).message).toBe('cannot write: ENOENT');
  expect((failed as InputError).where).toEqual({ file: path });
});

test('a place that is taken by a folder leaves no temporary file', async () => {
  await expect(writeOutput(folder, 'x')).rejects.toThrow(InputError);
  expect(readdirSync(join(folder, '..')).filter((name) => name.includes('.part'))).toEqual([]);
});

test('an existing file keeps its permissions, a new one gets those asked for', async () => {
  const path = join(folder, 'out');
  await writeOutput(path, 'x', 0o600);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o640);
  await writeOutput(path, 'y');
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

test('symbolic links are followed, also those whose target does not exist yet', async () => {
  symlinkSync('target', join(folder, 'first'));
  symlinkSync('first', join(folder, 'second'));
  for (const content of ['new', 'replaced']) {
    await writeOutput(join(folder, 'second'), content);
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe(content);
    expect(lstatSync(join(folder, 'second')).isSymbolicLink()).toBe(true);
  }
  expect(readdirSync(folder).sort()).toEqual(['first', 'second', 'target']);
});

test('links in a circle are refused', async () => {
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  await expect(writeOutput(join(folder, 'a'), 'x')).rejects.toThrow(InputError);
});

test('a device is written in place and stays a device', async () => {
  // A link to the device: were the device replaced, this machine would lose /dev/null.
  const path = join(folder, 'null');
  symlinkSync('/dev/null', path);
  await writeOutput(path, 'x');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(readdirSync(folder)).toEqual(['null']);
});

test('a full device is a fault of the environment', async () => {
  const path = join(folder, 'full');
  symlinkSync('/dev/full', path);
  const failed = await writeOutput(path, 'x').catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(EnvironmentError);
  expect((failed as EnvironmentError).message).toBe(`${path}: cannot write: ENOSPC`);
  expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
});

test('a FIFO gets the bytes and stays a FIFO', async () => {
  const path = join(folder, 'fifo');
  spawnSync('mkfifo', [path]);
  const reader = spawn('cat', [path]);
  const [read] = await Promise.all([text(reader.stdout), writeOutput(path, 'through the pipe')]);
  expect(read).toBe('through the pipe');
  expect(lstatSync(path).isFIFO()).toBe(true);
});

test('a failed write leaves the file as it was', async () => {
  const path = join(folder, 'out');
  writeFileSync(path, 'before');
  await expect(writeOutput(`${path}/below`, 'x')).rejects.toThrow(InputError);
  expect(readFileSync(path, 'utf8')).toBe('before');
});

test('a secret file never keeps more permissions than its mode allows', async () => {
  const path = join(folder, 'capture');
  writeFileSync(path, 'readable by all', { mode: 0o644 });
  await writeOutput(path, 'secret', 0o600);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
