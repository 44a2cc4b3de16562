import { describe, expect, test } from 'vitest';
import { node, type Property } from '../../../src/devicetree/index.ts';
import { bootKernel } from '../../../src/kernel/index.ts';
import { hcalls } from '../../../src/papr/index.ts';
import { texts } from '../support/booted.ts';
import { cells, rootOf, text } from '../support/facilities.ts';
import { nodes, properties, type Script, scripted } from '../support/scripted.ts';

const aes = [128, 192, 256].flatMap((bits) => [bits, 65536, 510]);
const okay = [
  text('status', 'okay'),
  cells('ibm,max-sync-cop', 0, 0, 3, ...aes),
  cells('ibm,max-sg-len', 4080),
];

function boot(own: readonly Property[] = okay, script: Script = {}) {
  const encryption = node('ibm,sym-encryption-v1', [
    text('compatible', 'ibm,sym-encryption'),
    cells('ibm,phandle', 3),
    ...own,
  ]);
  const partition = bootKernel({
    tree: rootOf(
      node('ibm,platform-facilities', [text('device_type', 'ibm,platform-facilities')], [encryption]),
    ),
    release: '6.1',
    drivers: ['nx-crypto'],
    firmware: scripted(script),
  });
  const log = texts(partition.observeSync()).map((line) =>
    line.replace('nx-crypto ibm,sym-encryption-v1: ', ''),
  );
  const encrypt = (length: number) => {
    const result = partition.writeFileSync('crypto:ecb-aes-nx', new Uint8Array(length));
    return result.ok ? result.value : result.errno;
  };
  return { partition, log, encrypt };
}

const write = (partition: ReturnType<typeof boot>['partition'], file: string) =>
  partition.writeFileSync(`/sys/bus/vio/drivers/nx-crypto/${file}`, Buffer.from('ibm,sym-encryption-v1'));

describe('nx-crypto', () => {
  test('registers the algorithms of its node and logs the invalid ones', () => {
    const { log, encrypt, partition } = boot();
    expect(encrypt(5000)).toBe(5000);
    expect(log).toEqual(
      ['0/1/0', '0/7/0', '0/4/0', '0/4/0', '0/6/0', '0/6/0', '2/0/1', '2/0/2', '0/20/0'].map(
        (what) => `bogus sglen/databytelen for ${what}: 0/0 (ignored)`,
      ),
    );
    expect(partition.observeSync().drivers[0]?.values).toEqual({
      max_sg_len: 4080,
      'ecb-aes databytelen': 65536,
      'ecb-aes sglen': 510,
    });
  });

  test.each([
    [[], ["nx_of_init: property 'status' not found", "nx_of_init: property 'ibm,max-sg-len' not found"]],
    [
      [text('status', 'disabled'), ...okay.slice(1)],
      ["nx_of_update_status: status 'disabled' is not 'okay'"],
    ],
    [
      [...okay.slice(0, 2), { name: 'ibm,max-sg-len', value: new Uint8Array(2) }],
      ['nx_of_update_sglen: unexpected format for ibm,max-sg-len property'],
    ],
  ])('does not bind to an incomplete node (%#)', (own, messages) => {
    const { log, encrypt, partition } = boot(own);
    expect(log.slice(0, messages.length)).toEqual(messages);
    expect([partition.observeSync().devices[0]?.driver, encrypt(1)]).toEqual([null, 'ENOENT']);
  });

  test.each([
    [[9, 0, 1, 128, 65536, 510], 'unknown function code/mode combo: 9/0 (ignored)'],
    [[0, 0, 1, 128, 0, 0], 'bogus sglen/databytelen: 0/0 (ignored)'],
    [[0, 0, 1, 100, 65536, 510], 'unknown function code/key bit len combo: (0/100)'],
  ])('logs invalid limits (%#)', (sync, message) => {
    const { log } = boot([okay[0] as Property, cells('ibm,max-sync-cop', ...sync), okay[2] as Property]);
    expect(log[0]).toBe(message);
  });

  test('is not notified of updates', () => {
    const script: Script = {
      nodes: [nodes([{ operation: 'update', phandles: [3] }])],
      properties: {
        3: [
          properties(3, [
            { kind: 'path', path: '/x' },
            { kind: 'value', ...cells('ibm,max-sg-len', 16) },
          ]),
        ],
      },
    };
    const { partition } = boot(okay, script);
    partition.migrateSync(1n, []);
    expect(partition.observeSync().drivers[0]?.values['max_sg_len']).toBe(4080);
  });

  test('cannot be bound again: its device is never reset', () => {
    const { partition, encrypt } = boot();
    expect(write(partition, 'unbind').ok).toBe(true);
    expect(encrypt(1)).toBe('ENOENT');
    expect(write(partition, 'bind')).toEqual({ ok: false, errno: 'EINVAL' });
    expect(texts(partition.observeSync())).toContain(
      'nx-crypto ibm,sym-encryption-v1: nx_probe: Attempt to register more than one instance of the hardware',
    );
  });

  test('splits a request by the smallest of its three limits', () => {
    const sizes: bigint[] = [];
    const hcall: Script['hcall'] = (opcode, args) => {
      if (opcode === hcalls.H_COP) sizes.push(args[3] ?? 0n);
      return { status: 0, values: [] };
    };
    const own = [okay[0] as Property, okay[1] as Property, cells('ibm,max-sg-len', 32)];
    expect(boot(own, { hcall }).encrypt(10000)).toBe(10000);
    // Two entries of 16 bytes in a list of 32: two pages at a time.
    expect(sizes).toEqual([-32n, 1808n]);
    const none = [okay[0] as Property, okay[1] as Property, cells('ibm,max-sg-len', 15)];
    expect(boot(none).encrypt(1)).toBe('EINVAL');
  });
});
