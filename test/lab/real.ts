import { parseFault } from '../../src/firmware/index.ts';
import { type BootOptions, bootLinux } from '../../src/lab/index.ts';
import { type Boot, type Scenario, scenarioDefaults } from '../../src/migration/index.ts';
import type { Run } from '../../src/verdict/index.ts';
import { facilitiesTree, type Server } from './trees.ts';

/** The scenario of the linuxppc-dev thread, with a test's changes. */
export function scenario(
  change: { readonly to?: Server; readonly faults?: readonly string[] } & Partial<Omit<Scenario, 'faults'>>,
): Scenario {
  const { to = { pool: 0x1600 }, faults = [], ...rest } = change;
  return {
    ...scenarioDefaults,
    name: 'platform-facilities',
    description: '',
    before: facilitiesTree(),
    after: facilitiesTree(to),
    faults: faults.map(parseFault),
    ...rest,
  };
}

/** Boots a real kernel as the partition. */
export function on(kernel: string, options: Partial<BootOptions> = {}): Boot {
  return ({ before, policy, cpus }, firmware) => {
    if (policy !== undefined && policy !== 'ignore' && policy !== 'detach') throw new Error(policy);
    return bootLinux({ kernel, before, firmware, cpus, ...(policy && { policy }), ...options });
  };
}

/** The kernel's lines about the migration, without timestamps. */
export function mobilityLines({ before, after }: Run): string[] {
  return after.log
    .slice(before.log.length)
    .map(({ text }) => text)
    .filter((text) => /^(mobility: |Unexpected Error|Duplicate name)/.test(text))
    .filter((text) => !text.startsWith('mobility: premature return from H_JOIN'));
}

/** Number of findings by rule. */
export function tally({ verdict }: Run): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { rule } of verdict.findings) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

/** Names of the children of platform-facilities. */
export function facilities({ after }: Run): string[] {
  const parent = after.tree.root.children.find(({ name }) => name === 'ibm,platform-facilities');
  return (parent?.children ?? []).map(({ name }) => name).sort();
}

/** States of the of_node links of the facilities' devices. */
export function links({ after }: Run): string[] {
  return after.devices.filter(({ name }) => name.startsWith('ibm,')).map(({ ofNode }) => ofNode.state);
}
