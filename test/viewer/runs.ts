import { readInput } from '../../src/field/index.ts';
import { compare, findScenario, migrate, overrideScenario } from '../../src/migration/index.ts';
import type { Run } from '../../src/verdict/index.ts';

const story = () =>
  findScenario('platform-facilities', undefined, async (path) => (await readInput(path)).tree);

/** The scenario `platform-facilities` on a v5.10 kernel with a policy. */
export async function storyUnder(policy: string): Promise<Run> {
  return migrate(overrideScenario(await story(), { policy, release: '5.10', fault: [] }));
}

/** The same scenario with three policies. */
export async function comparedStory(): Promise<readonly Run[]> {
  const scenario = overrideScenario(await story(), { release: '5.10', fault: [] });
  return compare(scenario, ['detach', 'ignore', 'reconcile']);
}
