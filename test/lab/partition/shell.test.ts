import { PassThrough } from 'node:stream';
import { expect, vi } from 'vitest';
import { createFirmware } from '../../../src/firmware/index.ts';
import { bootLinux, useConsole } from '../../../src/lab/index.ts';
import { testWithKernel } from '../setup/needs.ts';
import { facilitiesTree } from '../trees.ts';

const kernel = 'debian:6.1';

testWithKernel(kernel, 'a user migrates the guest on its console, and every call is traced', async () => {
  const before = facilitiesTree();
  const firmware = createFirmware({ trees: [before, facilitiesTree({ pool: 0x1600 })] });
  const traced: string[] = [];
  const trace = ({ name }: { readonly name: string }) => void traced.push(name);
  const partition = await bootLinux({ kernel, before, firmware, policy: 'detach', trace });
  try {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.on('data', (bytes: Buffer) => {
      shown += bytes.toString('latin1');
    });
    const used = useConsole(partition, input, output);
    input.write('echo 0x7 >/sys/kernel/mobility/migration; echo mi""grated\n');
    await vi.waitFor(() => expect(shown).toContain('migrated\r\n'), { timeout: 60_000 });
    expect(traced.slice(0, 3)).toEqual(['ibm,suspend-me', 'ibm,activate-firmware', 'ibm,update-nodes']);
    expect(shown).toContain('mobility: removing node /ibm,platform-facilities:4294967286');
    expect(shown).toContain('mobility: memory transfer completed.');
    input.write('\x1dnot any more');
    expect(await used).toBe('left');

    const again = useConsole(partition, new PassThrough(), output);
    partition.console.write('poweroff -f\n');
    expect(await again).toBe('ended');
  } finally {
    await partition.close();
  }
});
