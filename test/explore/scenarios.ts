import { readInput } from '../../src/field/index.ts';
import { findScenario, type PolicyChoice, type Scenario } from '../../src/migration/index.ts';

/** An example, under a policy. */
export async function example(name: string, policy: PolicyChoice): Promise<Scenario> {
  const found = await findScenario(name, undefined, async (path) => (await readInput(path)).tree);
  return { ...found, policy };
}
