import { describe, expect, test } from 'vitest';
import { node, type Property, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { bootKernel } from '../../src/kernel/index.ts';
import {
  type DriverName,
  driverFacts,
  driverNames,
  loggedDriverStates,
  staleProperties,
  type VioDriverFacts,
  vioDrivers,
} from '../../src/partition/index.ts';
import { cells, text } from '../kernel/support/facilities.ts';
import { scripted } from '../kernel/support/scripted.ts';

test('a driver is found by its name on the bus and by that of its module', () => {
  expect(driverFacts('nx_compress_pseries')?.module).toBe('nx-compress-pseries');
  expect(driverFacts('nx-compress-pseries')?.module).toBe('nx-compress-pseries');
  expect(driverFacts('virtio')).toBeUndefined();
  expect(driverFacts(null)).toBeUndefined();
});

test('the last logged values count until the device is disabled', () => {
  const line = (rest: string, device = 'ibm,compression-v1') => ({
    seconds: 1,
    text: `nx-compress-pseries ${device}: nx842_OF_upd: ${rest}`,
  });
  const log = [
    line('max_sg_len new:4080 old:0'),
    line('max_sg_len new:2048 old:4080'),
    line('max_sync_sg new:510 old:0', 'other'),
  ];
  const state = { driver: 'nx-compress-pseries', device: 'ibm,compression-v1', values: { max_sg_len: 2048 } };
  expect(loggedDriverStates(log)[0]).toEqual(state);
  expect(loggedDriverStates([...log, line('device disabled')]).map(({ device }) => device)).toEqual([
    'other',
  ]);
  expect(loggedDriverStates([line('max_sg_len new:x old:0')])).toEqual([]);
});

test('a property is stale if a driver reads it when bound and takes no update of it', () => {
  const facts: VioDriverFacts = {
    ...vioDrivers['nx-crypto'],
    readAtProbe: ['status', 'a', 'b'],
    takesUpdatesOf: ['a'],
  };
  expect(staleProperties(facts)).toEqual(['status', 'b']);
});

/** The table and the model agree. */
describe.each(driverNames)('%s', (name) => {
  test('the model binds to the device that the table names', () => {
    const { devices } = boot(name, values(1)).observeSync();
    expect(devices.map(({ driver }) => driver)).toEqual([vioDrivers[name].name]);
  });

  test('the model takes the values from the node that the table says', () => {
    const { valuesOf }: VioDriverFacts = vioDrivers[name];
    const leaf = leafOf(name, values(2));
    if (valuesOf) expect(boot(name, values(2)).observeSync().drivers[0]?.values).toEqual(valuesOf(leaf));
  });

  test('the model prints its values and they are read back', () => {
    const { lines }: VioDriverFacts = vioDrivers[name];
    const { log, drivers } = boot(name, values(1)).observeSync();
    expect(loggedDriverStates(log)).toEqual(lines ? drivers : []);
  });
});

function values(divisor: number): Property[] {
  const limits = [65536 / divisor, 512 / divisor];
  return [cells('ibm,max-sync-cop', 0, ...limits, 0, ...limits), cells('ibm,max-sg-len', 4096 / divisor)];
}

function leafOf(name: DriverName, more: Property[]): TreeNode {
  const [type, compatible] = vioDrivers[name].id;
  return node(type, [text('name', type), text('compatible', compatible), text('status', 'okay'), ...more]);
}

function boot(name: DriverName, more: Property[]) {
  const type = 'ibm,platform-facilities';
  const facilities = node(type, [text('name', type), text('device_type', type)], [leafOf(name, more)]);
  const root = node('', [text('name', '')], [facilities]);
  return bootKernel({ tree: tree(root), release: '6.12', firmware: scripted({}), drivers: [name] });
}
