import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
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
