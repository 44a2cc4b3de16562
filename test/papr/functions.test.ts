import { expect, test } from 'vitest';
import {
  defaultTokens,
  encodeUpdateProperties,
  expectedRtasCoverage,
  findRtasFunction,
  hasWorkArea,
  type RtasFunction,
  rtasFunctions,
  STATUS_MORE,
  WORK_AREA_SIZE,
  workAreaFunctions,
} from '../../src/papr/index.ts';

const entries = Object.entries<RtasFunction>(rtasFunctions);

test('each function has a token of its own, and the default tokens are those', () => {
  const tokens = entries.map(([, { token }]) => token);
  expect(new Set(tokens).size).toBe(entries.length);
  expect([...defaultTokens.values()]).toEqual(tokens.sort((one, other) => one - other));
  for (const [name, { token }] of entries) expect(defaultTokens.get(name)).toBe(token);
});

test('arguments that an entry names by position exist', () => {
  for (const [, { args, scope = 0, workArea }] of entries) {
    expect(workArea === undefined || workArea.argument < args.length).toBe(true);
    expect(args.length === 0 || scope < args.length).toBe(true);
  }
});

test('a function is found by its name only', () => {
  expect(findRtasFunction('ibm,update-nodes')).toBe(rtasFunctions['ibm,update-nodes']);
  expect(findRtasFunction('nvram-fetch')).toBeUndefined();
  expect(findRtasFunction('constructor')).toBeUndefined();
});

// Seeds of generated scenarios depend on this order.
test('functions with a work area keep their order', () => {
  expect(workAreaFunctions.slice(0, 3)).toEqual([
    'ibm,configure-connector',
    'ibm,update-properties',
    'ibm,update-nodes',
  ]);
  expect(hasWorkArea('ibm,suspend-me')).toBe(false);
  expect(hasWorkArea('ibm,get-system-parameter')).toBe(false);
});

test('a function with a status for more describes what continues', () => {
  for (const [, { statuses, workArea }] of entries) {
    expect(workArea?.describeContinuation !== undefined).toBe(statuses[STATUS_MORE] === 'more');
  }
});

test('continuations name what coverage expects', () => {
  const { workArea: nodes } = rtasFunctions['ibm,update-nodes'];
  const { workArea: properties } = rtasFunctions['ibm,update-properties'];
  const value = Uint8Array.of(1, 2);
  const reply = (kind: 'value' | 'partial') =>
    encodeUpdateProperties({ phandle: 1, state: 1, descriptors: [{ kind, name: 'a', value }] });
  const continued = 'properties of a node continued in another call';
  expect(properties.describeContinuation(reply('value'))).toEqual([continued]);
  expect(properties.describeContinuation(reply('partial'))).toEqual([continued, 'property split over calls']);
  expect(expectedRtasCoverage).toEqual(['property split over calls', ...nodes.describeContinuation()]);
});

test('work areas have one page', () => {
  for (const name of workAreaFunctions) expect(rtasFunctions[name].workArea.size).toBe(WORK_AREA_SIZE);
});
