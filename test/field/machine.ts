import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { writeDirectory } from '../../src/devicetree/directory.ts';
import { cells, flag, node, string, strings, type Tree, tree } from '../../src/devicetree/index.ts';

/** A private folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'transplant-field-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const leaf = (name: string, phandle: number, compatible: string) =>
  node(name, [
    string('compatible', compatible),
    string('status', 'okay'),
    cells('ibm,shared-interrupt-pool', 0x2fffff01),
    cells('ibm,max-sg-len', 4080),
    flag('ibm,max-sync-cop'),
    cells('ibm,phandle', phandle),
  ]);

/** A partition with caches, facilities, secrets, serial numbers, an empty node and bytes that are nothing. */
export const partitionTree: Tree = tree(
  node(
    '',
    [
      string('model', 'IBM,9080-HEX'),
      string('system-id', 'IBM,0210ABCDE'),
      string('ibm,partition-name', 'lparnorth'),
      cells('ibm,phandle', 0xffffffff),
      { name: 'bytes', value: Uint8Array.from({ length: 256 }, (_, index) => index) },
      { name: 'security-password', value: new Uint8Array([1, 2, 3]) },
      { name: 'empty', value: new Uint8Array(0) },
      { name: 'newlines', value: new Uint8Array([10, 10, 0, 10]) },
    ],
    [
      node(
        'cpus',
        [cells('#address-cells', 1), cells('ibm,phandle', 0xfffffff8)],
        [
          node('l2-cache@2010', [string('device_type', 'cache'), cells('ibm,phandle', 0x2010)]),
          node('PowerPC,POWER10@0', [
            string('device_type', 'cpu'),
            cells('l2-cache', 0x2010),
            cells('ibm,phandle', 0x10000000),
            string('ibm,loc-code', 'U78D2.001.WZS00CH-P1-C33'),
          ]),
        ],
      ),
      node(
        'ibm,platform-facilities',
        [string('device_type', 'ibm,platform-facilities'), cells('ibm,phandle', 0xfffffff6)],
        [
          leaf('ibm,random-v1', 0xfffffff5, 'ibm,random'),
          leaf('ibm,compression-v1', 0xfffffff4, 'ibm,compression'),
          leaf('ibm,sym-encryption-v1', 0xfffffff3, 'ibm,sym-encryption'),
        ],
      ),
      node('nothing-in-it'),
      node('rtas', [cells('ibm,update-nodes', 0x3001), cells('ibm,update-properties', 0x3002)]),
      node(
        'vdevice',
        [strings('ibm,drc-names', 'U9080.HEX.10ABCDE-V3-C2', 'U9080.HEX.10ABCDE-V3-C3')],
        [
          node('l-lan@30000002', [
            cells('reg', 0x30000002),
            string('device_type', 'network'),
            { name: 'local-mac-address', value: new Uint8Array(8) },
          ]),
          node('ibm,vtpm@30000003', [cells('reg', 0x30000003), string('ibm,secret', 'hidden')]),
        ],
      ),
    ],
  ),
);

export interface MachineOptions {
  readonly tree?: Tree;
  readonly log?: string;
  /** Devices on the VIO bus whose node is gone. */
  readonly dangling?: readonly string[];
  readonly release?: string;
}

/** A folder that looks like the root of such a partition. */
export async function machine(options: MachineOptions = {}): Promise<string> {
  const root = join(folder(), 'root');
  const base = join(root, 'sys/firmware/devicetree/base');
  mkdirSync(dirname(base), { recursive: true });
  await writeDirectory(options.tree ?? partitionTree, base);
  const file = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, 'latin1');
  };
  file('proc/sys/kernel/osrelease', `${options.release ?? '6.1.0-44-powerpc64le'}\n`);
  file('proc/sys/kernel/hostname', 'north.example.com\n');
  file('proc/version', 'Linux version 6.1.0-44-powerpc64le (builder)\n');
  file('proc/ppc64/lparcfg', 'lparcfg 1.9\nserial_number=IBM,0210ABCDE\nsystem_type=IBM,9080-HEX\n');
  file('sys/kernel/mobility/api_version', '1\n');
  file('sys/kernel/security/lockdown', '[none] integrity confidentiality\n');
  file('sys/devices/system/cpu/cpu0/cache/index0/level', '1\n');
  file('sys/devices/system/cpu/cpu0/cache/index0/id', '0\n');
  file(
    'var/log/dmesg',
    options.log ?? '<6>[    0.000000] Linux version 6.1.0\n<5>[    1.500000] north.example.com: lparnorth\n',
  );
  const devices: [name: string, driver: string | undefined, node: string][] = [
    ['30000002', 'ibmveth', 'vdevice/l-lan@30000002'],
    ['ibm,compression-v1', 'nx_compress_pseries', 'ibm,platform-facilities/ibm,compression-v1'],
    ['ibm,random-v1', 'pseries-rng', 'ibm,platform-facilities/ibm,random-v1'],
    ['ibm,sym-encryption-v1', undefined, 'ibm,platform-facilities/ibm,sym-encryption-v1'],
  ];
  for (const [name, driver, of] of devices) {
    file(`sys/devices/vio/${name}/uevent`, '');
    file(`sys/devices/vio/${name}/devspec`, `/${of}\n`);
    const gone = options.dangling?.includes(name) ? 'gone/' : '';
    symlinkSync(
      `../../../firmware/devicetree/base/${gone}${of}`,
      join(root, `sys/devices/vio/${name}/of_node`),
    );
    if (driver !== undefined)
      symlinkSync(`../../../bus/vio/drivers/${driver}`, join(root, `sys/devices/vio/${name}/driver`));
  }
  file('sys/devices/vio/power/control', 'auto\n');
  return root;
}
