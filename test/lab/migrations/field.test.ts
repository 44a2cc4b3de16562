import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { diffTrees, findByPath, sameBytes, type Tree } from '../../../src/devicetree/index.ts';
import {
  audit,
  type Capture,
  captureScript,
  planChanges,
  planScript,
  readCapture,
} from '../../../src/field/index.ts';
import { captureOfTree } from '../../../src/field/support/read-capture.ts';
import { createFirmware } from '../../../src/firmware/index.ts';
import { bootLinux, type LabPolicy, type LinuxPartition } from '../../../src/lab/index.ts';
import { folder } from '../../field/machine.ts';
import { testWithKernel } from '../setup/needs.ts';
import { facilitiesTree } from '../trees.ts';

/** Field tools on a real kernel with busybox as its user space. */

const kernel = 'debian:6.1';
const path = '/ibm,platform-facilities';
const [before, after] = [facilitiesTree(), facilitiesTree({ pool: 0x1600, maxSgLen: 2048 })];
const leaves = ['ibm,random-v1', 'ibm,compression-v1', 'ibm,sym-encryption-v1'];

/** A write does not truncate, so each script has its own file. */
let runs = 0;

/** Runs a script on the guest's console. @returns its exit status and output */
async function runInGuest(partition: LinuxPartition, script: string, args: string) {
  runs += 1;
  await partition.writeFile(`/tmp/script-${runs}.sh`, Buffer.from(script, 'latin1'));
  let shown = '';
  const listen = (bytes: Buffer) => {
    shown += bytes.toString('latin1');
  };
  partition.console.on('data', listen);
  // The console echoes input, so the word is split.
  partition.console.write(`sh /tmp/script-${runs}.sh ${args}; echo en""ded $?\n`);
  const status = await vi.waitFor(
    () => {
      const found = /ended (\d+)\r?\n/.exec(shown);
      if (!found) throw new Error(shown);
      return Number(found[1]);
    },
    { timeout: 120_000, interval: 100 },
  );
  partition.console.off('data', listen);
  return { status, shown };
}

async function captureGuest(partition: LinuxPartition): Promise<Capture> {
  const { status, shown } = await runInGuest(
    partition,
    captureScript('transplant test'),
    '-o /tmp/capture.tar.gz',
  );
  expect(status, shown).toBe(0);
  const [archive] = await partition.readFiles(['/tmp/capture.tar.gz']);
  if (!archive?.ok) throw new Error(archive?.errno);
  const file = join(folder(), 'capture.tar.gz');
  writeFileSync(file, archive.value);
  return readCapture(file);
}

/** The machine's tree with the facilities of the new server. */
function onNewServer({ root, ...rest }: Tree): Tree {
  const children = root.children.map(
    (child) => after.root.children.find(({ name }) => name === child.name) ?? child,
  );
  return { ...rest, root: { ...root, children } };
}

async function migrated(policy: LabPolicy | undefined) {
  const firmware = createFirmware({ trees: [before, after] });
  const partition = await bootLinux({ kernel, before, firmware, ...(policy && { policy }) });
  try {
    const earlier = await captureGuest(partition);
    expect((await partition.migrate(0x1234n, [])).written.ok).toBe(true);
    return { partition, earlier, later: await captureGuest(partition) };
  } catch (error) {
    await partition.close();
    throw error;
  }
}

testWithKernel(
  kernel,
  `${kernel}: captures show the stale properties, and the plan corrects them in the guest`,
  async () => {
    const { partition, earlier, later } = await migrated(undefined);
    try {
      const live = (await partition.observe()).tree;
      const hidden = diffTrees(live, later.observation.tree, { by: 'phandle' });
      expect(
        hidden
          .map((change) => change.kind === 'property-removed' && `${change.after.path}/${change.name}`)
          .sort(),
      ).toEqual([...later.leftOut].sort());
      expect({ gaps: later.gaps, unread: later.observation.unread }).toEqual({ gaps: [], unread: [] });
      const blind = audit(later, { before: earlier });
      expect(blind.story.migrations).toMatchObject([{ outcome: 'moved' }]);
      expect(
        blind.verdict.findings
          .filter(({ rule }) => rule === 'ignored-update')
          .map(({ subject }) => subject)
          .toSorted(),
      ).toEqual(leaves.map((leaf) => `${path}/${leaf}`).toSorted());
      const wanted = onNewServer(later.observation.tree);
      const asCapture = captureOfTree(wanted, 'the new server', []);
      const stale = ({ verdict }: ReturnType<typeof audit>) =>
        verdict.findings.filter(({ rule }) => rule === 'stale-property').map(({ subject }) => subject);
      expect(stale(audit(later, { before: earlier, wanted: asCapture })).toSorted()).toEqual(
        [
          ...leaves.map((leaf) => `${path}/${leaf}/ibm,shared-interrupt-pool`),
          `${path}/ibm,compression-v1/ibm,max-sg-len`,
        ].toSorted(),
      );

      const plan = planChanges(later.observation.tree, wanted, {
        release: later.observation.platform.release,
        devices: later.observation.devices,
      });
      expect(plan).toMatchObject({ needsRestart: [], steps: { length: 4 } });
      const { status, shown } = await runInGuest(partition, planScript(plan), '');
      expect(status, shown).toBe(0);
      for (const { path: node, name, to } of plan.steps) {
        const [back] = await partition.readFiles([`/proc/device-tree${node}/${name}`]);
        expect(back?.ok && to && sameBytes(back.value, to)).toBe(true);
      }
      expect(stale(audit(await captureGuest(partition), { before: earlier, wanted: asCapture }))).toEqual([]);
    } finally {
      await partition.close();
    }
  },
);

testWithKernel(
  kernel,
  `${kernel}, policy detach: captures show the dangling links and the lost children`,
  async () => {
    const { partition, earlier, later } = await migrated('detach');
    try {
      expect(findByPath(later.observation.tree, path)?.children).toEqual([]);
      const { verdict, story } = audit(later, { before: earlier });
      const subjects = (of: string) =>
        verdict.findings.filter(({ rule }) => rule === of).map(({ subject }) => subject);
      expect(subjects('dangling-link').toSorted()).toEqual(
        leaves.map((leaf) => `/sys/devices/vio/${leaf}/of_node`).toSorted(),
      );
      expect(subjects('childless-facilities')).toEqual([path]);
      expect(verdict.outcome).toBe('damaged');
      expect(story.migrations[0]?.headline).toBe('the partition moved; 4 nodes removed; 1 node added');
      // Taking the capture did not access the deleted nodes.
      expect(subjects('use-after-free')).toEqual([]);
    } finally {
      await partition.close();
    }
  },
);
