import { expect, test } from 'vitest';
import { node, readDtb, string, tree, writeDtb } from '../../../src/devicetree/index.ts';
import type { Firmware } from '../../../src/firmware/index.ts';
import {
  applyPatches,
  deviceTypePatches,
  patchConnectors,
  restoreDeviceTypes,
} from '../../../src/lab/guest/device-type-patch.ts';
import { GdbClient } from '../../../src/lab/traps/gdb/index.ts';
import { createMemory, encodeConnector } from '../../../src/papr/index.ts';
import { FakeGuest } from '../traps/gdb/fake-guest.ts';
import { facilitiesTree } from '../trees.ts';

const token = 0x201e;
const type = string('device_type', 'ibm,platform-facilities');

test('the patches change device_type and nothing else', () => {
  const before = facilitiesTree();
  const blob = writeDtb(before);
  const patches = deviceTypePatches(before, blob);
  expect(patches).toHaveLength(1);
  const patched = Buffer.from(blob);
  for (const { offset, before: old, after } of patches) {
    expect(patched.subarray(offset, offset + old.length).equals(old)).toBe(true);
    expect(after.length).toBe(old.length);
    patched.set(after, offset);
  }
  const result = readDtb(patched);
  expect(result.root.children[0]?.properties[1]).toEqual(string('device_type', 'IBM,platform-facilities'));
  expect(writeDtb(restoreDeviceTypes(result))).toEqual(blob);
});

test('each node of the type has its own patch, a node with only the name has none', () => {
  const facilities = (name: string) => node(name, [type, string('model', 'ibm,platform-facilities')]);
  const before = tree(
    node('', [], [facilities('ibm,platform-facilities'), node('other', [], [facilities('twin')])]),
  );
  expect(deviceTypePatches(before, writeDtb(before))).toHaveLength(2);
});

/** Answers each call with the same page and status. */
function firmware(status: number, page: Uint8Array): Firmware {
  return {
    tokens: new Map([['ibm,configure-connector', token]]),
    call(call, memory) {
      memory.write(call.args[0] ?? 0, page);
      return [status];
    },
    hcall: () => undefined,
  };
}

function replyOf(status: number, page: Uint8Array, as = token): Uint8Array {
  const memory = createMemory(8192);
  patchConnectors(firmware(status, page)).call({ token: as, args: [4096, 0], nret: 1 }, memory);
  return memory.read(4096, page.length).slice();
}

const property = (name: string, value: Uint8Array) =>
  encodeConnector({ drcIndex: 1, progress: 2, item: { status: 3, name, value } });

test('ibm,configure-connector delivers the patched type', () => {
  const page = property('device_type', type.value);
  expect(replyOf(3, page)).toEqual(
    property('device_type', string('device_type', 'IBM,platform-facilities').value),
  );
});

test('other replies of ibm,configure-connector are unchanged', () => {
  const others = [
    property('device_type', string('device_type', 'cache').value),
    property('name', type.value),
    property('device_type', type.value.subarray(0, 5)),
  ];
  for (const page of others) expect(replyOf(3, page)).toEqual(page);
  const page = property('device_type', type.value);
  for (const status of [0, 2, -9003]) expect(replyOf(status, page)).toEqual(page);
  expect(replyOf(3, page, token + 1)).toEqual(page);
  const beyond = page.slice();
  new DataView(beyond.buffer).setUint32(16, 5000);
  expect(replyOf(3, beyond)).toEqual(beyond);
});

test('patches are applied once to the tree in guest memory, and to nothing else', async () => {
  const before = facilitiesTree();
  const blob = writeDtb(before);
  const patches = deviceTypePatches(before, blob);
  const guest = new FakeGuest();
  const gdb = await GdbClient.open(guest.stream);
  const address = 0x1000;
  guest.memory.set(blob, address);
  await applyPatches(gdb, address, patches);
  const patched = Buffer.from(guest.memory);
  const [patch] = patches;
  expect(patched.subarray(address + (patch?.offset ?? 0)).toString('latin1', 0, 4)).toBe('IBM,');
  await applyPatches(gdb, address, patches);
  expect(guest.memory.equals(patched)).toBe(true);
  guest.memory.fill(0);
  await expect(applyPatches(gdb, address, patches)).rejects.toThrow('no longer at 0x');
  expect(guest.memory.every((byte) => byte === 0)).toBe(true);
});
