import { describe, expect, test } from 'vitest';
import { node, type Property } from '../../../src/devicetree/index.ts';
import { type BootOptions, bootKernel } from '../../../src/kernel/index.ts';
import { hcalls } from '../../../src/papr/index.ts';
import { texts } from '../support/booted.ts';
import { cells, rootOf, text } from '../support/facilities.ts';
import { nodes, properties, type Script, scripted } from '../support/scripted.ts';

const okay = [
  text('status', 'okay'),
  cells('ibm,max-sync-cop', 1, 65536, 510, 1, 32768, 255),
  cells('ibm,max-sg-len', 4080),
];

function boot(own: readonly Property[] = okay, script: Script = {}, options: Partial<BootOptions> = {}) {
  const compression = node('ibm,compression-v1', [
    text('compatible', 'ibm,compression'),
    cells('ibm,phandle', 4),
    ...own,
  ]);
  const tree = rootOf(
    node('ibm,platform-facilities', [text('device_type', 'ibm,platform-facilities')], [compression]),
    node('ibm,compression-v1', [cells('ibm,phandle', 5)]),
  );
  const partition = bootKernel({
    tree,
    release: '6.12',
    drivers: ['nx-compress-pseries'],
    firmware: scripted(script),
    config: { vas: false, watchdog: false },
    ...options,
  });
  const log = () =>
    texts(partition.observeSync()).map((line) =>
      line.replace('nx_compress_pseries ibm,compression-v1: ', ''),
    );
  const limits = () => partition.observeSync().drivers[0]?.values;
  const compress = (length: number) => {
    const result = partition.writeFileSync('crypto:842-nx', new Uint8Array(length));
    return result.ok ? result.value : result.errno;
  };
  return { partition, log, limits, compress };
}

const update = (phandle: number, ...changed: Property[]): Script => ({
  nodes: [nodes([{ operation: 'update', phandles: [phandle] }])],
  properties: {
    [phandle]: [
      properties(phandle, [
        { kind: 'path', path: '/x' },
        ...changed.map((change) => ({ kind: 'value', ...change }) as const),
      ]),
    ],
  },
});
const three = (size: number, sg: number, length: number, old = [size, sg, length]) => [
  `nx842_OF_upd: max_sync_size new:${size} old:${old[0]}`,
  `nx842_OF_upd: max_sync_sg new:${sg} old:${old[1]}`,
  `nx842_OF_upd: max_sg_len new:${length} old:${old[2]}`,
];

describe('at probe', () => {
  test('the smaller of compression and decompression counts', () => {
    const { log, limits } = boot();
    expect(log()).toEqual(three(32768, 255, 4080, [0, 0, 0]));
    expect(limits()).toEqual({ max_sync_size: 32768, max_sync_sg: 255, max_sg_len: 4080 });
  });

  test('values are capped', () => {
    const large = [
      text('status', 'okay'),
      cells('ibm,max-sync-cop', 1, 131072, 510, 1, 131072, 510),
      cells('ibm,max-sg-len', 8192),
    ];
    expect(boot(large).limits()).toEqual({ max_sync_size: 65536, max_sync_sg: 510, max_sg_len: 4096 });
  });

  const sync = cells('ibm,max-sync-cop', 1, 65536, 510, 1, 65536, 510);
  const length = cells('ibm,max-sg-len', 4080);
  test.each([
    [[text('status', 'disabled'), sync, length], []],
    [[text('status', 'fail'), sync, length], ["nx842_OF_upd_status: unknown status 'fail'"]],
    [[sync, length], ['nx842_OF_upd: Could not locate device properties']],
    [
      [text('status', 'okay'), sync, { name: 'ibm,max-sg-len', value: new Uint8Array(3) }],
      ['nx842_OF_upd_maxsglen: unexpected format for ibm,max-sg-len property'],
    ],
    [
      [text('status', 'okay'), cells('ibm,max-sync-cop', 1, 2), length],
      ['nx842_OF_upd_maxsyncop: unexpected format for ibm,max-sync-cop property'],
    ],
    [
      [text('status', 'okay'), cells('ibm,max-sync-cop', 1, 4095, 510, 1, 65536, 510), length],
      [
        'nx842_OF_upd_maxsyncop: hardware max data size (4095) is less than the driver minimum, unable to use the hardware device',
      ],
    ],
    [
      [text('status', 'okay'), cells('ibm,max-sync-cop', 1, 65536, 0, 1, 65536, 510), length],
      [
        'nx842_OF_upd_maxsyncop: hardware max sg size (0) is less than the driver minimum, unable to use the hardware device',
      ],
    ],
  ])('an invalid node disables the device (%#)', (own, messages) => {
    const { log, partition, compress } = boot(own);
    expect(log().slice(0, messages.length + 1)).toEqual([...messages, 'nx842_OF_upd: device disabled']);
    expect([partition.observeSync().devices[0]?.driver, compress(1)]).toEqual([null, 'ENOENT']);
  });

  test('after a failure the driver keeps its device', () => {
    const { partition, log } = boot([]);
    partition.writeFileSync(
      '/sys/bus/vio/drivers/nx_compress_pseries/bind',
      Buffer.from('ibm,compression-v1'),
    );
    expect(log()).toContain('nx842_probe: Attempt to register more than one instance of the hardware');
  });

  test('without a matching node the driver is not registered', () => {
    const partition = bootKernel({ tree: rootOf(), release: '6.12', firmware: scripted({}) });
    const path = '/sys/bus/vio/drivers/nx_compress_pseries/bind';
    expect(partition.writeFileSync(path, Buffer.from('x'))).toEqual({ ok: false, errno: 'ENOENT' });
  });
});

describe('an update', () => {
  const smaller = [cells('ibm,max-sync-cop', 1, 4096, 16, 1, 4096, 16), cells('ibm,max-sg-len', 512)];

  test('of its node is logged with three lines and changes no limit', () => {
    const { partition, log, limits } = boot(okay, update(4, ...smaller));
    const start = log().length;
    partition.migrateSync(1n, []);
    expect(
      log()
        .slice(start)
        .filter((line) => line.startsWith('nx842')),
    ).toEqual([...three(32768, 255, 4080), ...three(32768, 255, 4080)]);
    expect(limits()).toEqual({ max_sync_size: 32768, max_sync_sg: 255, max_sg_len: 4080 });
  });

  test('is recognised by the name of the node: another node with that name counts as well', () => {
    const lines = (phandle: number) => {
      const { partition, log } = boot(okay, update(phandle, text('x', 'y')));
      const start = log().length;
      partition.migrateSync(1n, []);
      return log()
        .slice(start)
        .filter((line) => line.startsWith('nx842')).length;
    };
    expect([lines(5), lines(0xffffffff)]).toEqual([3, 0]);
  });

  test('of status to disabled changes nothing; only a new bind reads it', () => {
    const { partition, compress, limits } = boot(okay, update(4, text('status', 'disabled')));
    partition.migrateSync(1n, []);
    expect([compress(1), limits()?.['max_sync_size']]).toEqual([1, 32768]);
    const driver = '/sys/bus/vio/drivers/nx_compress_pseries';
    partition.writeFileSync(`${driver}/unbind`, Buffer.from('ibm,compression-v1'));
    expect(partition.writeFileSync(`${driver}/bind`, Buffer.from('ibm,compression-v1'))).toEqual({
      ok: false,
      errno: 'ENODEV',
    });
    expect(compress(1)).toBe('ENOENT');
  });

  test('after the removal of a property disables the driver', () => {
    const script: Script = {
      nodes: [nodes([{ operation: 'update', phandles: [4] }])],
      properties: {
        4: [
          properties(4, [
            { kind: 'path', path: '/x' },
            { kind: 'deleted', name: 'ibm,max-sg-len' },
            { kind: 'value', ...text('other', '1') },
          ]),
        ],
      },
    };
    const { partition, limits, compress } = boot(okay, script);
    partition.migrateSync(1n, []);
    expect(limits()).toEqual({ max_sync_size: 0, max_sync_sg: 0, max_sg_len: 0 });
    // Requests are split by a separate limit, which is never reset.
    expect(compress(100)).toBe(100);
  });
});

describe('a request', () => {
  test('is split by the limit in force', () => {
    const sizes: bigint[] = [];
    const hcall: Script['hcall'] = (opcode, args) => {
      if (opcode === hcalls.H_COP) sizes.push(args[3] ?? 0n);
      return { status: 0, values: [] };
    };
    const { compress } = boot(okay, { hcall });
    expect([compress(70000), compress(0)]).toEqual([70000, 0]);
    // Eight pages, eight pages, and the remainder: 16 bytes of list per page, or the bytes themselves.
    expect(sizes).toEqual([-128n, -128n, -32n]);
    expect([compress(32768 * 32), compress(32768 * 32 + 1)]).toEqual([32768 * 32, 'ENOSPC']);
  });

  test.each([-1, -64, -4])('that the hypervisor rejects with %i is EIO', (status) => {
    expect(boot(okay, { hcall: () => ({ status, values: [] }) }).compress(1)).toBe('EIO');
  });

  test('that finds the hardware busy is repeated', () => {
    let busy = 3;
    const { compress } = boot(okay, { hcall: () => ({ status: busy-- > 0 ? 1 : 0, values: [] }) });
    expect([compress(1), busy]).toEqual([1, -1]);
  });
});
