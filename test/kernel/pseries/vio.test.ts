import { describe, expect, test } from 'vitest';
import { node, type TreeNode } from '../../../src/devicetree/index.ts';
import { bootKernel, type ModelledPartition } from '../../../src/kernel/index.ts';
import type { ReleaseName } from '../../../src/partition/index.ts';
import { texts } from '../support/booted.ts';
import { cells, facilities, rootOf, text } from '../support/facilities.ts';
import { scripted } from '../support/scripted.ts';

function boot(children: readonly TreeNode[], release: ReleaseName = '6.12') {
  const partition = bootKernel({ tree: rootOf(...children), release, firmware: scripted({}) });
  const { devices, log } = partition.observeSync();
  return { partition, devices, log: texts({ log }) };
}

const read = (partition: ModelledPartition, path: string) => {
  const result = partition.readFileSync(path);
  return result.ok ? Buffer.from(result.value).toString('latin1') : result.errno;
};
const write = (partition: ModelledPartition, path: string, content: string) => {
  const result = partition.writeFileSync(path, Buffer.from(content, 'latin1'));
  return result.ok ? result.value : result.errno;
};
const drivers = '/sys/bus/vio/drivers';

const facility = (...children: TreeNode[]) =>
  node('ibm,platform-facilities', [text('device_type', 'ibm,platform-facilities')], children);

describe('the bus', () => {
  test('has a device for each child of vdevice, then of platform-facilities', () => {
    const vdevice = node(
      'vdevice',
      [text('device_type', 'vdevice')],
      [
        node('l-lan@3000000a', [
          text('device_type', 'network'),
          cells('reg', 0x3000000a),
          text('compatible', 'IBM,l-lan'),
        ]),
        node('without-reg', [text('device_type', 'x')]),
        node('without-type', [cells('reg', 1)]),
      ],
    );
    const { devices, log, partition } = boot([facilities(1), vdevice]);
    expect(devices.map(({ name, driver }) => [name, driver])).toEqual([
      ['3000000a', null],
      ['ibm,random-v1', 'pseries_rng'],
      ['ibm,compression-v1', 'nx_compress_pseries'],
      ['ibm,sym-encryption-v1', 'nx-crypto'],
    ]);
    expect(log.slice(0, 2)).toEqual([
      "vio_register_device_node: node without-reg missing 'reg'",
      "vio_register_device_node: node without-type is missing the 'device_type' property.",
    ]);
    expect(read(partition, '/sys/devices/vio/3000000a/modalias')).toBe('vio:TnetworkSIBM,l-lan\n');
    expect(read(partition, '/sys/bus/vio/devices/3000000a/name')).toBe('l-lan\n');
  });

  test('skips an interrupt controller and registers facilities without a driver', () => {
    const { devices } = boot([
      facility(
        node('interrupts', [{ name: 'interrupt-controller', value: new Uint8Array() }]),
        node('ibm,memory-utilization-v1'),
      ),
    ]);
    expect(devices.map(({ name, driver }) => [name, driver])).toEqual([['ibm,memory-utilization-v1', null]]);
  });

  test('rejects children of a node of another type', () => {
    const { devices, log } = boot([node('vdevice', [], [node('x')])]);
    expect([devices, log[0]]).toEqual([
      [],
      'vio_register_device_node: parent(/vdevice) of x not recognized.',
    ]);
  });

  test('rejects a second device with the same name', () => {
    const { devices, log } = boot([facility(node('ibm,random-v1'), node('ibm,random-v1@1'))]);
    expect(devices).toHaveLength(1);
    expect(log).toContain('vio_register_device_node: failed to register device ibm,random-v1');
  });

  test('files', () => {
    const { partition } = boot([facilities(1)]);
    const device = '/sys/devices/vio/ibm,random-v1';
    expect(read(partition, `${device}/devspec`)).toBe('/ibm,platform-facilities/ibm,random-v1\n');
    expect(read(partition, `${device}/name`)).toBe('ibm,random-v1\n');
    expect(read(partition, `${device}/modalias`)).toBe('vio:Tibm,random-v1Sibm,random\n');
    expect(read(partition, `${device}/of_node/status`)).toBe('okay\0');
    expect([
      read(partition, device),
      read(partition, `${device}/of_node`),
      read(partition, `${device}/x`),
    ]).toEqual(['EISDIR', 'EISDIR', 'ENOENT']);
    expect(partition.observeSync().devices[0]?.devspec).toBe('/ibm,platform-facilities/ibm,random-v1');
  });
});

describe('bind and unbind', () => {
  test('change the driver of the device', () => {
    const { partition } = boot([facilities(1)]);
    const bound = () => partition.observeSync().devices[0]?.driver;
    expect(write(partition, `${drivers}/pseries_rng/unbind`, 'ibm,random-v1\n')).toBe(14);
    expect([bound(), read(partition, '/dev/hwrng')]).toEqual([null, 'ENODEV']);
    expect(write(partition, `${drivers}/pseries_rng/unbind`, 'ibm,random-v1')).toBe('ENODEV');
    expect(write(partition, `${drivers}/pseries_rng/bind`, 'ibm,random-v1')).toBe(13);
    expect([bound(), read(partition, '/dev/hwrng').length]).toEqual(['pseries_rng', 8]);
  });

  test.each([
    ['5.10', 'ENODEV'],
    ['6.1', 'EBUSY'],
  ] as const)('v%s returns %s for a device that has a driver', (release, errno) => {
    const { partition } = boot([facilities(1)], release);
    expect(write(partition, `${drivers}/pseries_rng/bind`, 'ibm,random-v1')).toBe(errno);
  });

  test('a device that does not match or does not exist is ENODEV', () => {
    const { partition } = boot([facilities(1)]);
    expect(write(partition, `${drivers}/pseries_rng/bind`, 'ibm,compression-v1')).toBe('ENODEV');
    expect(write(partition, `${drivers}/pseries_rng/bind`, 'none')).toBe('ENODEV');
    expect(write(partition, `${drivers}/none/bind`, 'x')).toBe('ENOENT');
    expect(read(partition, `${drivers}/pseries_rng/bind`)).toBe('EACCES');
  });

  test('the type need only start with that of the driver, compatible is compared ignoring case', () => {
    const { devices } = boot([facility(node('ibm,random-v1-x', [text('compatible', 'other\0IBM,Random')]))]);
    expect(devices[0]?.driver).toBe('pseries_rng');
  });

  test.each([
    ['6.1', 'nx-crypto: probe of ibm,sym-encryption-v1 failed with error -1'],
    ['6.12', 'nx-crypto ibm,sym-encryption-v1: probe with driver nx-crypto failed with error -1'],
  ] as const)('v%s logs a failed probe', (release, message) => {
    const { devices, log } = boot(
      [facility(node('ibm,sym-encryption-v1', [text('compatible', 'ibm,sym-encryption')]))],
      release,
    );
    expect([devices[0]?.driver, log]).toEqual([null, expect.arrayContaining([message])]);
  });
});
