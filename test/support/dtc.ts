import { spawnSync } from 'node:child_process';
import { test } from 'vitest';

const { CI } = process.env;
const found = spawnSync('dtc', ['--version']).status === 0;

/**
 * A test that compares with Debian's dtc. Without dtc it is skipped, and its name says so. In CI (the variable CI is set)
 * it fails instead, because skipped tests of a build go unnoticed.
 */
export function testWithDtc(name: string, body: () => void | Promise<void>): void {
  const skip = !found && !CI;
  test.skipIf(skip)(skip ? `${name} (skipped: no dtc on PATH)` : name, body);
}

/** What dtc writes for an input, through pipes; throws with what it says when it refuses. */
export function dtc(input: Uint8Array | string, ...options: readonly string[]): Uint8Array {
  const run = spawnSync('dtc', ['-q', ...options, '-'], { input, maxBuffer: 1 << 30 });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`dtc ${options.join(' ')}: ${run.stderr.toString('latin1')}`);
  return new Uint8Array(run.stdout);
}
