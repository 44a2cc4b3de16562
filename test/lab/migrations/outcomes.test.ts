import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { createFirmware } from '../../../src/firmware/index.ts';
import { type BootOptions, bootLinux } from '../../../src/lab/index.ts';
import { runRoot } from '../../../src/lab/setup/cache.ts';
import { currentProcess, ownerTag } from '../../../src/lab/setup/owner.ts';
import { migrate } from '../../../src/migration/index.ts';
import { links, mobilityLines, on, scenario } from '../real.ts';
import { testWithKernel } from '../setup/needs.ts';
import { facilitiesTree } from '../trees.ts';

/** Machines with several CPUs or servers, and guests that hang or die. */

const kernel = 'debian:6.1';

function boot(options: Partial<BootOptions> = {}) {
  const before = facilitiesTree();
  const firmware = createFirmware({ trees: [before, facilitiesTree({ pool: 0x1600 })] });
  return bootLinux({ kernel, before, firmware, ...options });
}

/** Private folders of this process's guests that exist now. */
function ownGuests(): string[] {
  const root = runRoot();
  return existsSync(root)
    ? readdirSync(root).filter((name) => name.startsWith(`${ownerTag(currentProcess())}.`))
    : [];
}

testWithKernel(kernel, 'two CPUs and two servers: the guest moves and continues', async () => {
  const wanted = scenario({ policy: 'detach', cpus: 2, times: 2 });
  const run = await migrate(wanted, on(kernel, { servers: 2 }));
  expect(run.after.platform.description).toMatch(/2 CPUs, 2 servers/);
  expect(run.migrations.map(({ outcome }) => outcome.written.ok)).toEqual([true, true]);
  expect(run.events.filter(({ kind }) => kind === 'move')).toHaveLength(2);
  const lines = mobilityLines(run).map((line) => line.replace(/CPU \d/, 'CPU N'));
  expect(lines.filter((line) => line === 'mobility: CPU N waking all threads')).toHaveLength(2);
  expect(lines.filter((line) => line === 'mobility: memory transfer completed.')).toHaveLength(2);
  // With policy detach, the second migration does not find the leaves that the first one deleted.
  expect(lines).toContain('mobility: Failed lookup: phandle 0xfffffff5 for action 0x1000000');
  expect(links(run)).toEqual(['dangling', 'dangling', 'dangling']);
  expect(ownGuests()).toEqual([]);
});

testWithKernel(kernel, 'a guest that dies is part of the verdict', async () => {
  const partition = await boot();
  try {
    await partition.observe();
    expect(await partition.writeFile('/proc/sysrq-trigger', Buffer.from('c'))).toEqual({
      ok: false,
      errno: 'EHOSTDOWN',
    });
    expect((await partition.migrate(1n, [])).written).toEqual({ ok: false, errno: 'EHOSTDOWN' });
    const { log, unread, tree } = await partition.observe();
    expect(log.map(({ text }) => text)).toContainEqual(expect.stringContaining('Kernel panic - not syncing'));
    expect(unread).toEqual([expect.stringContaining('the guest is dead: Kernel panic')]);
    expect(tree.root.children.map(({ name }) => name)).toContain('ibm,platform-facilities');
    expect(partition.events().filter(({ kind }) => kind === 'lost')).toHaveLength(1);
  } finally {
    await partition.close();
  }
  expect(ownGuests()).toEqual([]);
});

testWithKernel(kernel, 'a guest without progress counts as hanging and does not block the lab', async () => {
  const partition = await boot({ hangTimeout: 2000 });
  try {
    const unread = { ok: false, errno: 'ETIMEDOUT' };
    expect(await partition.readFiles(['/dev/hvc0', '/proc/version'])).toEqual([unread, unread]);
    const client = { name: 'reads', path: '/proc/uptime', times: 3 };
    expect(await partition.migrate(1n, [client])).toEqual({
      written: { ok: false, errno: 'ETIMEDOUT' },
      clients: [{ name: 'reads', succeeded: 0, failed: { ETIMEDOUT: 3 } }],
    });
  } finally {
    await partition.close();
  }
});

testWithKernel(kernel, 'clients run during a migration, and a failure has its errno', async () => {
  const partition = await boot();
  try {
    const { clients, written } = await partition.migrate(1n, [
      { name: 'reads devspec', path: '/sys/devices/vio/ibm,random-v1/devspec', times: 2 },
      { name: 'reads nothing', path: '/sys/devices/vio/ibm,none-v1/devspec', times: 2 },
    ]);
    expect(written).toEqual({ ok: true, value: 4 });
    expect(clients).toEqual([
      { name: 'reads devspec', succeeded: 2, failed: {} },
      { name: 'reads nothing', succeeded: 0, failed: { ENOENT: 2 } },
    ]);
  } finally {
    await partition.close();
  }
});

testWithKernel(kernel, 'an interrupted run leaves no files behind', async () => {
  const abort = new AbortController();
  const partition = await boot({ signal: abort.signal });
  const reading = partition.readFiles(['/dev/hvc0']);
  abort.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
  await partition.close();
  expect(ownGuests()).toEqual([]);
  await expect(boot({ signal: abort.signal })).rejects.toThrow('enough');
  expect(ownGuests()).toEqual([]);
});
