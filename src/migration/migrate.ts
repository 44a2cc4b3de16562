import { RunCache } from '../base/index.ts';
import { type Chooser, firstChooser, randomChooser, replayChooser } from '../choice/index.ts';
import { describeFault, type Firmware } from '../firmware/index.ts';
import { bootKernel } from '../kernel/index.ts';
import { type RtasTraceEntry, traceRtas } from '../papr/index.ts';
import type { Partition } from '../partition/index.ts';
import { judge, type Run } from '../verdict/index.ts';
import { driveAsync, runScenario } from './run-scenario.ts';
import { kernelPolicyOf, type Scenario } from './scenario.ts';
import { lastTrees, type Reconciler, scenarioFirmware } from './scenario-firmware.ts';

/**
 * Boots the partition of a scenario with a firmware.
 * @param chooser makes the choices of the firmware too
 */
export type Boot = (scenario: Scenario, firmware: Firmware, chooser: Chooser) => Promise<Partition>;

/** Boots the modelled kernel. */
export const bootModel: Boot = async (scenario, firmware, chooser) => {
  const policy = kernelPolicyOf(scenario);
  return bootKernel({
    tree: scenario.before,
    release: scenario.release,
    firmware,
    cpus: scenario.cpus,
    ledger: true,
    chooser: scenario.seed === undefined ? chooser : randomChooser(scenario.seed),
    ...(policy && { policy }),
    ...(scenario.drivers && { drivers: scenario.drivers }),
  });
};

/**
 * Runs a scenario from boot to verdict: boots the partition, observes it, runs the workload and the migrations, observes it again
 * and judges the result. The partition is always closed.
 *
 * ```ts
 * const { verdict } = await migrate(scenario);
 * ```
 *
 * @param boot       boots the partition: the model, or a real kernel (`bootLinuxWith`)
 * @param allowed    names of rules whose findings do not count
 * @param reconciler replaces the reconciler of the policy `reconcile`
 * @throws InputError for a scenario that cannot be run, see `scenarioFirmware`
 */
export async function migrate(
  scenario: Scenario,
  boot: Boot = bootModel,
  allowed: readonly string[] = [],
  reconciler?: Reconciler,
): Promise<Run> {
  const chooser = scenario.choices ? replayChooser(scenario.choices) : firstChooser;
  const cache = new RunCache();
  let far = scenarioFirmware(scenario, chooser, cache, [], reconciler);
  const calls: RtasTraceEntry[][] = [];
  const trace = traceRtas(
    { tokens: far.firmware.tokens, call: (call, memory) => far.firmware.call(call, memory) },
    (entry) => calls.at(-1)?.push(entry),
  );
  const traced: Firmware = { ...trace, hcall: (opcode, args) => far.firmware.hcall(opcode, args) };

  const partition = await boot(scenario, traced, chooser);
  try {
    const { unsupported = [] } = partition;
    // The kernel has made no call yet, so the firmware can still be replaced.
    if (unsupported.length > 0) far = scenarioFirmware(scenario, chooser, cache, unsupported, reconciler);
    const { before, after, workload, migrations } = await driveAsync(
      runScenario(partition, scenario, cache, () => calls.push([])),
    );
    const [source, destination] = lastTrees(scenario, far.trees);
    const outcomes = migrations.map((migration) => migration.outcome);
    const ledger = partition.ledger();
    return {
      name: scenario.name,
      description: scenario.description,
      firmware: scenario.firmware,
      policy: scenario.policy ?? before.platform.policy,
      faults: scenario.faults.map(describeFault),
      faultCounts: Array.from(far.faultCounts),
      notes: far.notes(),
      source,
      destination,
      before,
      after,
      migrations: migrations.map((migration, time) => ({ ...migration, calls: calls[time] ?? [] })),
      workload,
      events: partition.events(),
      ledger,
      verdict: judge({ source, destination, before, after, outcomes }, allowed, ledger),
    };
  } finally {
    await partition.close();
  }
}
