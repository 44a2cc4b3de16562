import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Suite } from './suite.ts';
import { median } from './whole-process.ts';

const command = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));

/** Wall time of one migration, from the command's start to its verdict, s. */
async function migrate(...options: readonly string[]): Promise<number> {
  const start = performance.now();
  const args = [command, 'migrate', '--kernel', 'debian:6.1', '--json', ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [status] = await once(child, 'close');
  // 1: the kernel's own policy leaves properties stale.
  if (status !== 1) throw new Error(`ended with ${status}: ${said}`);
  return (performance.now() - start) / 1000;
}

export const lab: Suite = {
  about: 'a migration on debian:6.1 under QEMU, whole command from start to verdict (medians)',
  async *run() {
    if (spawnSync('which', ['qemu-system-ppc64']).status !== 0) {
      yield { name: 'real kernel', missing: 'no qemu-system-ppc64' };
      return;
    }
    await migrate(); // fetches, and keeps a guest that has just booted
    const kept: number[] = [];
    const cold: number[] = [];
    const pairs: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let each = 0; each < 3; each++) kept.push(await migrate());
      cold.push(await migrate('--no-snapshot'));
      pairs.push(Math.max(...(await Promise.all([migrate(), migrate()]))));
    }
    yield { name: 'from a kept guest', value: median(kept), unit: 's', atMost: 2 };
    yield { name: 'from power-on', value: median(cold), unit: 's' };
    yield { name: 'two concurrently from kept guests, the slower', value: median(pairs), unit: 's' };
    yield { name: 'power-on by kept', value: median(cold) / median(kept), unit: '×', atLeast: 5 };
  },
};
