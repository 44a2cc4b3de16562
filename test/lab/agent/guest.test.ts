import { expect } from 'vitest';
import { Agent } from '../../../src/lab/agent/index.ts';
import { buildInitramfs } from '../../../src/lab/agent/initramfs/index.ts';
import { QemuProcess } from '../../../src/lab/qemu/process.ts';
import { findQemu } from '../../../src/lab/setup/index.ts';
import { testWithKernel } from '../setup/needs.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

testWithKernel(
  'debian:6.1',
  'debian:6.1: the agent answers in a guest as it does on the host',
  async (kernel) => {
    const initramfs = await buildInitramfs(kernel);
    const machine = { image: kernel.image, initramfs, cpus: 1, poison: false };
    const server = await QemuProcess.start(await findQemu(), machine);
    const agent = new Agent(server.agent);
    try {
      server.console.resume();
      server.gdb.resume().catch(() => {}); // rejected when the guest is killed
      await agent.ready();

      const migration = '/sys/kernel/mobility/migration';
      const [version, absent, unreadable, random] = await agent.read([
        '/proc/version',
        '/sys/absent',
        migration,
        '/dev/hwrng',
      ]);
      expect(version?.ok && text(version.value)).toContain(`Linux version ${kernel.release} `);
      expect(absent).toEqual({ ok: false, errno: 'ENOENT' });
      expect(unreadable).toEqual({ ok: false, errno: 'EACCES' });
      expect(random?.ok && random.value.length).toBeGreaterThan(0);

      expect(await agent.write(migration, Buffer.from('nonsense\n'))).toEqual({ ok: false, errno: 'EINVAL' });
      expect(await agent.write('/sys/devices/vio/absent', Buffer.from('x'))).toEqual({
        ok: false,
        errno: 'ENOENT',
      });
      const every = Uint8Array.from({ length: 256 }, (_, index) => index);
      expect(await agent.write('/tmp/every', every)).toEqual({ ok: true, value: 256 });
      expect(await agent.read(['/tmp/every'])).toEqual([{ ok: true, value: Buffer.from(every) }]);

      const devspec = '/sys/devices/vio/ibm,random-v1/devspec';
      const reader = await agent.startClient({ name: 'reads', path: devspec, times: 3 });
      const writer = await agent.startClient({ name: 'writes', path: devspec, times: 2, write: every });
      expect(await agent.waitClient(reader)).toEqual({ name: 'reads', succeeded: 3, failed: {} });
      expect(await agent.waitClient(writer)).toEqual({ name: 'writes', succeeded: 0, failed: { EACCES: 2 } });

      const seen = await agent.observeRaw();
      expect(seen.unread).toEqual([]);
      expect(seen.devices.find((device) => device.name === 'ibm,random-v1')).toEqual({
        name: 'ibm,random-v1',
        driver: 'pseries_rng',
        ofNode: {
          state: 'resolves',
          target: '../../../firmware/devicetree/base/ibm,platform-facilities/ibm,random-v1',
        },
      });
      const facilities = seen.tree.root.children.find((node) => node.name === 'ibm,platform-facilities');
      expect(facilities?.children.map((node) => node.name)).toEqual(['ibm,random-v1']);
      const property = facilities?.children[0]?.properties.find((entry) => entry.name === 'name');
      expect(text(property?.value ?? new Uint8Array())).toBe('ibm,random-v1\0');
      expect(seen.log[0]?.level).toBeDefined();
      expect(seen.log.some((line) => line.text.startsWith(`Linux version ${kernel.release} `))).toBe(true);

      // All debug messages of mobility.c are enabled.
      const control = await agent.run(
        'grep -E "/(mobility|dlpar)[.]c:" /sys/kernel/debug/dynamic_debug/control',
      );
      const sites = text(control.output).trimEnd().split('\n');
      expect(sites).not.toHaveLength(0);
      for (const site of sites) expect(site).toContain(' =p ');
    } finally {
      agent.close();
      await server.kill();
    }
  },
);
