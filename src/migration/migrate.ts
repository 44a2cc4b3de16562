import { random } from '../choice/index.ts';
import { createFirmware, describeFault, type Firmware, reconcile } from '../firmware/index.ts';
import { bootKernel } from '../kernel/index.ts';
import { type RtasTraceEntry, traceRtas } from '../papr/index.ts';
import type { Partition, Refusal } from '../partition/index.ts';
import {
  type Evidence,
  judge,
  type MigrationRecord,
  type Run,
  type WorkloadResult,
} from '../verdict/index.ts';
import { withoutRefused } from './refused.ts';
import type { Scenario } from './scenario.ts';
import { clientsOf, expandSteps, runSteps } from './workload.ts';

/** Boots the near side of a scenario before a firmware. */
export type Boot = (scenario: Scenario, firmware: Firmware) => Promise<Partition>;

/** The near side is the modelled kernel. */
export const bootModel: Boot = async (scenario, firmware) => {
  const policy = scenario.policy === 'reconcile' ? scenario.under : scenario.policy;
  return bootKernel({
    tree: scenario.before,
    release: scenario.release,
    firmware,
    cpus: scenario.cpus,
    ledger: true,
    ...(policy && { policy }),
    ...(scenario.drivers && { drivers: scenario.drivers }),
    ...(scenario.seed !== undefined && { chooser: random(scenario.seed) }),
  });
};

/** Any 64-bit number names a stream; this one is easy to spot in a log. */
const firstStream = 0x1234n;

/** The firmware of a scenario whose partition cannot have all of its trees. */
function farSide(scenario: Scenario, refused: readonly Refusal[] = []) {
  const trees = [withoutRefused(scenario.before, refused), withoutRefused(scenario.after, refused)] as const;
  const served = createFirmware({ trees, style: scenario.firmware, faults: scenario.faults });
  if (scenario.policy !== 'reconcile') return { trees, firmware: served, notes: () => [] };
  const firmware = reconcile(served, trees[0]);
  return { trees, firmware, notes: () => firmware.notes() };
}

/**
 * Runs a scenario from power-on to verdict: boots the partition, looks, migrates it as often as asked, lets the
 * workload run, looks again and judges. The partition is closed whatever happens.
 */
export async function migrate(
  scenario: Scenario,
  boot: Boot = bootModel,
  allowed: readonly string[] = [],
): Promise<Run> {
  let far = farSide(scenario);
  let calls: RtasTraceEntry[] = [];
  const trace = traceRtas(
    { tokens: far.firmware.tokens, call: (call, memory) => far.firmware.call(call, memory) },
    (entry) => calls.push(entry),
  );
  const traced: Firmware = { ...trace, hcall: (opcode, args) => far.firmware.hcall(opcode, args) };

  const partition = await boot(scenario, traced);
  try {
    const { refused = [] } = partition;
    // No call can have come yet, so it is not too late for another firmware.
    if (refused.length > 0) far = farSide(scenario, refused);
    const before = await partition.observe();
    const steps = expandSteps(
      scenario.workload,
      before.devices.map((device) => device.name),
    );
    const workload: WorkloadResult[] = [...(await runSteps(partition, steps, 'before'))];
    const migrations: MigrationRecord[] = [];
    for (let time = 0; time < scenario.times; time++) {
      calls = [];
      const stream = firstStream + BigInt(time);
      const outcome = await partition.migrate(stream, clientsOf(steps, before));
      migrations.push({ stream, outcome, calls });
    }
    workload.push(...(await runSteps(partition, steps, 'after')));
    const after = await partition.observe();

    // An even number of migrations ends where the first one began.
    const [source, destination] = scenario.times % 2 === 1 ? far.trees : far.trees.toReversed();
    const evidence: Evidence = {
      source,
      destination,
      before,
      after,
      outcomes: migrations.map((migration) => migration.outcome),
    };
    return {
      name: scenario.name,
      description: scenario.description,
      firmware: scenario.firmware,
      policy: scenario.policy ?? before.platform.policy,
      faults: scenario.faults.map(describeFault),
      notes: far.notes(),
      source,
      destination,
      before,
      after,
      migrations,
      workload,
      events: partition.events(),
      ledger: partition.ledger(),
      verdict: judge(evidence, allowed),
    };
  } finally {
    await partition.close();
  }
}
