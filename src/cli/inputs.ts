import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { printable } from '../base/index.ts';
import { isDtb, type Tree } from '../devicetree/index.ts';
import type { Scenario } from '../migration/index.ts';
import { exit } from './exit.ts';
import { checkOneStdin } from './options.ts';

/** Prints each file or part that could not be read on standard error. */
export function reportUnread(unread: readonly string[]): void {
  for (const problem of unread) process.stderr.write(`not read: ${printable(problem)}\n`);
}

/**
 * Reads a device tree from any supported form. A blob is read without the room that reads captures and archives, because
 * loading that room takes longer than printing a small blob.
 */
export async function readTree(
  path: string,
): Promise<{ readonly tree: Tree; readonly name: string; readonly unread: readonly string[] }> {
  const blob = readBlob(path);
  if (blob) {
    const { readDtb } = await import('../devicetree/index.ts');
    return { tree: readDtb(blob, { file: path }), name: path, unread: [] };
  }
  const { readInput } = await import('../field/index.ts');
  return readInput(path);
}

/** The bytes of a blob; undefined for any other file. A file that cannot be read is reported by its next reader. */
function readBlob(path: string): Uint8Array | undefined {
  try {
    // The first bytes of a pipe can be read only once.
    if (path === '-' || !statSync(path).isFile()) return undefined;
    const file = openSync(path, 'r');
    try {
      const head = new Uint8Array(4);
      readSync(file, head, 0, 4, 0);
      return isDtb(head) ? readFileSync(path) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

export interface ScenarioInput {
  readonly scenario: Scenario;
  /** Whether parts of its trees could not be read; they have been reported. */
  readonly gaps: boolean;
}

/** Reads the scenario that the arguments of a command name, with its trees, and reports what could not be read. */
export async function readScenario(first?: string, second?: string): Promise<ScenarioInput> {
  await checkOneStdin(first, second);
  const { findScenario } = await import('../migration/index.ts');
  const { readInput } = await import('../field/index.ts');
  const unread: string[] = [];
  const scenario = await findScenario(first, second, async (path) => {
    const input = await readInput(path);
    unread.push(...input.unread.map((problem) => `${input.name}: ${problem}`));
    return input.tree;
  });
  reportUnread(unread);
  return { scenario, gaps: unread.length > 0 };
}

/** The exit status of a verdict. A safe verdict on incomplete input proves nothing, so it counts as bad input. */
export function exitStatus(safe: boolean, gaps: boolean): number {
  if (!safe) return exit.unsafe;
  return gaps ? exit.usage : exit.safe;
}
