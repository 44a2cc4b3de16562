import type { Run } from '../verdict/index.ts';
import { type Boot, bootModel, migrate } from './migrate.ts';
import type { PolicyChoice, Scenario } from './scenario.ts';

/** Requests of each driver's client: enough that some are in flight at every step of the migration. */
const requests = { when: 'during', path: 'drivers', times: 50 } as const;

/**
 * Runs one scenario under several policies, one after the other, everything else the same. Where the scenario itself has
 * nobody who uses the drivers, clients of each are added: a policy's cost is what it does to them. They take turns with
 * the migration at random, by the scenario's seed or 1.
 *
 * @param onRun told before each, for progress
 */
export async function compare(
  scenario: Scenario,
  policies: readonly PolicyChoice[],
  boot: Boot = bootModel,
  onRun: (policy: PolicyChoice) => void = () => {},
): Promise<readonly Run[]> {
  const isUsed = scenario.workload.some((step) => step.when === 'during');
  const workload = isUsed ? scenario.workload : [...scenario.workload, requests];
  const runs: Run[] = [];
  for (const policy of policies) {
    onRun(policy);
    runs.push(await migrate({ ...scenario, workload, seed: scenario.seed ?? 1, policy }, boot));
  }
  return runs;
}
