import { expect, test } from 'vitest';
import { node, string } from '../../src/devicetree/index.ts';
import { assertPermitted, isCache, isFacilities } from '../../src/firmware/scope.ts';

const FACILITIES = '/ibm,platform-facilities';
const cache = node('l2-cache@2010', [string('device_type', 'cache')]);

test.each([
  [FACILITIES, true],
  [`${FACILITIES}/ibm,random-v1`, true],
  [`${FACILITIES}-2`, false],
  ['/vdevice/l-lan@30000002', false],
  ['/ibm,dynamic-reconfiguration-memory', true],
  ['/ibm,dynamic-reconfiguration-memory/part', true],
  ['/ibm,dynamic-reconfiguration-memory-2', false],
  ['/x/ibm,dynamic-reconfiguration-memory', false],
])('in a tree with platform-facilities, %s may be deleted and added: %s', (path, isPermitted) => {
  for (const operation of ['delete', 'add'] as const) {
    const check = () => assertPermitted(operation, { path, node: node('x') }, FACILITIES);
    if (isPermitted) expect(check).not.toThrow();
    else expect(check).toThrow(`firmware may not ${operation} ${path} in a migration`);
  }
});

test('without platform-facilities, nodes at its path are not permitted', () => {
  const located = { path: FACILITIES, node: node('x') };
  expect(() => assertPermitted('add', located, undefined)).toThrow();
  expect(() => assertPermitted('add', { path: '/cpus/l2-cache@2010', node: cache }, undefined)).not.toThrow();
});

test('a cache is below /cpus', () => {
  expect(isCache({ path: '/cpus/l2-cache@2010', node: cache })).toBe(true);
  expect(isCache({ path: '/other/l2-cache@2010', node: cache })).toBe(false);
  expect(isCache({ path: '/cpus/l2-cache@2010', node: node('l2-cache@2010') })).toBe(false);
});

test('platform-facilities are a child of the root, by name or type', () => {
  const typed = node('facilities', [string('device_type', 'ibm,platform-facilities')]);
  expect(isFacilities({ path: '/facilities', node: typed })).toBe(true);
  expect(isFacilities({ path: FACILITIES, node: node('ibm,platform-facilities') })).toBe(true);
  expect(isFacilities({ path: `/x${FACILITIES}`, node: node('ibm,platform-facilities') })).toBe(false);
  expect(isFacilities({ path: '/facilities', node: node('facilities') })).toBe(false);
});
