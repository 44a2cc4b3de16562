import { expect } from 'vitest';
import { disagreements, migrate, modelOf } from '../../../src/migration/index.ts';
import { facilities, mobilityLines, on, scenario, tally } from '../real.ts';
import { testWithKernel } from '../setup/needs.ts';

/** Unmodified kernels with faulty firmware. The model predicts each log line. */

const kernel = 'debian:6.1';
const whole = ['ibm,compression-v1', 'ibm,random-v1', 'ibm,sym-encryption-v1'];

const faults = [
  {
    // The H_VASI_SIGNAL that follows is answered too; otherwise there would be another log line.
    fault: 'hardware-error@ibm,suspend-me*5',
    says: ['mobility: Partition suspend attempt 5 of 5 error: -5'],
    left: whole,
    found: { 'migration-failed': 1, 'suspend-failed': 5 },
  },
  {
    fault: 'busy@ibm,update-nodes',
    says: ['mobility: device tree update failed: -2'],
    left: whole,
    found: { 'update-aborted': 1 },
  },
  {
    fault: 'unusable@/ibm,platform-facilities',
    policy: 'detach',
    says: ['Unexpected Error (-9003) returned from configure-connector'],
    left: [],
    found: { 'connector-failed': 1, 'lost-node': 4 },
  },
  {
    fault: 'unknown-parent',
    says: [/^mobility: Failed lookup: phandle 0x[0-9a-f]+ for action 0x3000000$/],
    left: whole,
    found: { 'desynchronised-list': 1, 'failed-lookup': 2 },
  },
  {
    fault: 'lone-child',
    says: ['Duplicate name in ibm,platform-facilities, renamed to "ibm,random-v1#1"'],
    left: ['ibm,compression-v1', 'ibm,random-v1', 'ibm,random-v1#1', 'ibm,sym-encryption-v1'],
    found: { 'renamed-node': 1, 'duplicate-phandle': 1 },
  },
  {
    fault: 'next-child-siblings',
    policy: 'detach',
    says: ['mobility: added node /ibm,platform-facilities:4294967286'],
    left: [],
    found: { 'lost-node': 3 },
  },
] as const;

for (const { fault, says, left, found, ...given } of faults) {
  testWithKernel(kernel, `${kernel}, ${fault}: as the model predicts`, async () => {
    const wanted = scenario({ faults: [fault], ...given });
    const real = await migrate(wanted, on(kernel));
    const model = await migrate(modelOf(wanted, real));
    const lines = mobilityLines(real);
    for (const line of says)
      expect(lines).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    expect(facilities(real)).toEqual(left);
    expect(tally(real)).toMatchObject(found);
    expect(disagreements(real, model)).toEqual([]);
  });
}
