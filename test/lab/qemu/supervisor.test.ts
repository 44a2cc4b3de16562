import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { SUPERVISOR_SCRIPT } from '../../../src/lab/qemu/process.ts';
import { isAlive, type Owner, ownerOf } from '../../../src/lab/setup/owner.ts';
import { scratch } from '../setup/scratch.ts';

/** Starts a substitute for QEMU under the supervisor, from a separate process, as the lab does. */
async function startOwner() {
  const folder = join(scratch(), 'run');
  const pidFile = join(scratch(), 'pid');
  const substitute = 'echo $$ >"$1.new"; mv "$1.new" "$1"; exec sleep 1000';
  const owner = `
    require('node:fs').mkdirSync(process.env.FOLDER);
    const args = ['-c', process.env.SUPERVISOR, 'x', 'sh', '-c', process.env.SUBSTITUTE, 'x', process.env.PID_FILE];
    require('node:child_process').spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'pipe', 'ignore'], detached: true });
    setInterval(() => {}, 1000);
  `;
  const { PATH } = process.env;
  const env = {
    PATH,
    FOLDER: folder,
    SUPERVISOR: SUPERVISOR_SCRIPT,
    SUBSTITUTE: substitute,
    PID_FILE: pidFile,
  };
  const child = spawn(process.execPath, ['-e', owner], { env, stdio: 'ignore' });
  await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), { timeout: 120_000 });
  const qemu = ownerOf(Number(readFileSync(pidFile, 'utf8')));
  if (!qemu) throw new Error('the substitute did not start');
  return { child, folder, qemu };
}

async function expectCleanedUp(folder: string, qemu: Owner): Promise<void> {
  const gone = () =>
    expect({ alive: isAlive(qemu), folder: existsSync(folder) }).toEqual({ alive: false, folder: false });
  await vi.waitFor(gone, { timeout: 120_000 });
}

for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
  test(`${signal} to the owner ends QEMU and removes its folder`, async () => {
    const { child, folder, qemu } = await startOwner();
    expect(isAlive(qemu)).toBe(true);
    child.kill(signal);
    await expectCleanedUp(folder, qemu);
  }, 300_000);
}

test('when QEMU ends by itself, its folder is removed', async () => {
  const { child, folder, qemu } = await startOwner();
  process.kill(qemu.pid, 'SIGKILL');
  await expectCleanedUp(folder, qemu);
  child.kill('SIGKILL');
}, 300_000);
