import { spawn } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { bin, buildCli } from './built-cli.ts';

beforeAll(buildCli, 120_000);

/** Runs a command whose reader closes the pipe after the first bytes. */
function headOf(args: readonly string[]): Promise<{ status: number | null; stderr: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (data) => (stderr += data));
    child.stdout.once('data', () => child.stdout.destroy());
    child.on('close', (status) => done({ status, stderr }));
  });
}

test('a reader that closes the pipe early causes no error and does not change the exit status', async () => {
  expect(await headOf(['migrate', '--json'])).toEqual({ status: 1, stderr: '' });
  expect(await headOf(['migrate', '--json', '--policy', 'reconcile'])).toEqual({ status: 0, stderr: '' });
});
