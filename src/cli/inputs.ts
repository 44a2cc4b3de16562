import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { isDtb, type Tree } from '../devicetree/index.ts';
import type { Scenario } from '../migration/index.ts';
import { exit } from './exit.ts';
import { checkOneStdin } from './options.ts';

/** Says what could not be read; nothing is left out silently. */
export function reportUnread(unread: readonly string[]): void {
  for (const problem of unread) process.stderr.write(`not read: ${problem}\n`);
}

/**
 * Reads a tree from whatever holds one. To load the room that knows captures and archives takes longer than to show a
 * small blob, which needs nothing of it.
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

/** The bytes of a file that holds a blob; undefined for all else, and for what cannot be read: others say why. */
function readBlob(path: string): Uint8Array | undefined {
  try {
    // Of a pipe the first bytes could be read only once.
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
  /** Whether something of its trees could not be read; it has been told. */
  readonly gaps: boolean;
}

/** The scenario that a user's words mean, its trees read from whatever holds them. */
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

/** What is safe as far as it could be read is not known to be safe. */
export function exitStatus(safe: boolean, gaps: boolean): number {
  if (!safe) return exit.unsafe;
  return gaps ? exit.usage : exit.safe;
}
