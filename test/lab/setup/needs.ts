import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { ensureKernel, type Kernel, kernels } from '../../../src/lab/setup/index.ts';

const { CI } = process.env;

/** Time limit of a test that boots a guest, milliseconds. */
const bootLimit = 300_000;

type Body<T> = (given: T) => void | Promise<void>;

/**
 * A test that uses other programs. Where one is absent, the test is skipped and its name says so. In CI (with the environment
 * variable CI) it fails instead, so that skipped tests are noticed.
 * @param limit milliseconds
 */
export function testWith(programs: readonly string[], name: string, body: Body<void>, limit?: number): void {
  const absent = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  const skip = absent.length > 0 && !CI;
  test.skipIf(skip)(skip ? `${name} (skipped: no ${absent.join(', ')} on PATH)` : name, () => body(), limit);
}

/** A test that boots a kernel. It is skipped in the same way if QEMU is absent or the kernel is not in the cache. */
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
