import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { ensureKernel, type Kernel, kernels } from '../../../src/lab/setup/index.ts';

const { CI } = process.env;

/** An emulated guest on a busy machine takes its time, ms. */
const bootLimit = 300_000;

type Body<T> = (given: T) => void | Promise<void>;

/**
 * A test that uses outside programs. Skipped by name where one is absent, but not in CI (where the variable CI is set):
 * there it fails, because nobody reads what a build skips.
 * @param limit ms
 */
export function testWith(programs: readonly string[], name: string, body: Body<void>, limit?: number): void {
  const absent = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  const skip = absent.length > 0 && !CI;
  test.skipIf(skip)(skip ? `${name} (skipped: no ${absent.join(', ')} on PATH)` : name, () => body(), limit);
}

/** A test that boots a kernel; where QEMU is absent or the kernel is not in the cache it is skipped likewise. */
export function testWithKernel(kernel: string, name: string, body: Body<Kernel>): void {
  const reason =
    spawnSync('which', ['qemu-system-ppc64']).status !== 0
      ? 'no qemu-system-ppc64 on PATH'
      : kernels().some((entry) => entry.name === kernel)
        ? undefined
        : `${kernel} is not in the cache`;
  const skip = reason !== undefined && !CI;
  const title = skip ? `${name} (skipped: ${reason})` : name;
  test.skipIf(skip)(title, async () => body(await ensureKernel(kernel)), bootLimit);
}
