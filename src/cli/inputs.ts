import type { Scenario } from '../migration/index.ts';
import { exit } from './exit.ts';
import { checkOneStdin } from './options.ts';

/** Says what could not be read; nothing is left out silently. */
export function tellUnread(unread: readonly string[]): void {
  for (const problem of unread) process.stderr.write(`not read: ${problem}\n`);
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
  tellUnread(unread);
  return { scenario, gaps: unread.length > 0 };
}

/** What is safe as far as it could be read is not known to be safe. */
export function exitOf(safe: boolean, gaps: boolean): number {
  if (!safe) return exit.unsafe;
  return gaps ? exit.usage : exit.safe;
}
