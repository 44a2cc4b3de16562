import type { Run } from '../verdict/index.ts';
import { type Boot, bootModel, migrate } from './migrate.ts';
import type { PolicyChoice, Scenario } from './scenario.ts';

/** Requests of each driver's client: enough that some are in flight at every step of the migration. */
const requests = { when: 'during', path: 'drivers', times: 50 } as const;

/**
 * Runs one scenario under several policies, one after the other, with everything else the same. If the scenario has no
 * clients that run during the migration, a client of each driver is added, because failed clients are a policy's cost. The
 * scenario's seed, or 1, decides how clients and migration are interleaved.
 *
 * @param onRun called before each run, to report progress
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
