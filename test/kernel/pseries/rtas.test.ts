import { describe, expect, test } from 'vitest';
import { node } from '../../../src/devicetree/index.ts';
import { takePage } from '../../../src/kernel/core/pages.ts';
import { findProperty, LiveProperty } from '../../../src/kernel/of/device-node.ts';
import { ofAddProperty, ofRemoveProperty, ofUpdateProperty } from '../../../src/kernel/of/property.ts';
import {
  mobilityRtasCall,
  RTAS_UNKNOWN_SERVICE,
  rtasCall,
  rtasToken,
} from '../../../src/kernel/pseries/rtas.ts';
import { decodeArgumentBlock, traceRtas } from '../../../src/papr/index.ts';
import { at, boot, finish } from '../support/booted.ts';
import { cells, rootOf } from '../support/facilities.ts';

const NODES = 'ibm,update-nodes';
const withRtas = () => rootOf(node('rtas', [cells(NODES, 0x2002), cells('ibm,suspend-me', 0x2000)]));

describe('tokens', () => {
  test.each([
    ['5.10', [0x2002, 0x9999, -1, 0x8888]],
    ['6.1', [0x2002, 0x9999, -1, 0x8888]],
    ['6.12', [0x2002, 0x2002, 0x2002, 0x2002]],
    ['7.2', [0x2002, 0x2002, 0x2002, 0x2002]],
  ] as const)('v%s after an update, a removal and an addition in /rtas', (release, expected) => {
    const k = boot(withRtas(), { drivers: [], release });
    const rtas = at(k, '/rtas');
    const seen = [rtasToken(k, NODES)];
    finish(k, ofUpdateProperty(k, rtas, new LiveProperty(NODES, cells('', 0x9999).value)));
    seen.push(rtasToken(k, NODES));
    finish(k, ofRemoveProperty(k, rtas, findProperty(rtas, NODES)));
    seen.push(rtasToken(k, NODES));
    finish(k, ofAddProperty(k, rtas, new LiveProperty(NODES, cells('', 0x8888).value)));
    seen.push(rtasToken(k, NODES));
    expect(seen).toEqual(expected);
  });

  test('are those of firmware without a node /rtas', () => {
    const k = boot(rootOf(), { drivers: [], release: '5.10' }, { without: ['ibm,update-properties'] });
    expect([rtasToken(k, NODES), rtasToken(k, 'ibm,update-properties')]).toEqual([
      0x2002,
      RTAS_UNKNOWN_SERVICE,
    ]);
  });
});

describe('a call', () => {
  test('is an argument block in guest memory, with unsigned words', () => {
    const seen: unknown[] = [];
    const k = boot(rootOf(), { drivers: [] });
    const firmware = {
      ...k.firmware,
      tokens: k.firmware.tokens,
      call: (call: unknown, memory: typeof k.rtas.memory) => {
        seen.push(call, decodeArgumentBlock(memory.read(0x265_0000, 24)));
        return [-9003];
      },
      hcall: () => undefined,
    };
    const other = boot(rootOf(), { drivers: [] });
    Object.assign(other, { firmware });
    expect(rtasCall(other, 0x2002, [0x26d_0000, -2])).toBe(-9003);
    const block = { token: 0x2002, args: [0x26d_0000, 0xffff_fffe], nret: 1 };
    expect(seen).toEqual([block, { ...block, rets: [0] }]);
  });

  test('has an event that names the traced call, although the fetch of the last error has none', () => {
    const k = boot(rootOf(), { drivers: [], ledger: true });
    const traced: number[] = [];
    const tokens = new Map([...k.firmware.tokens, ['rtas-last-error', 0x2099]]);
    const tracer = traceRtas({ tokens, call: ({ token }) => [token === 0x2099 ? 0 : -1] }, ({ id }) =>
      traced.push(id),
    );
    Object.assign(k, { firmware: { ...tracer, hcall: () => undefined } });
    rtasCall(k, 0x2002, [0x26d_0000, 1]);
    rtasCall(k, 0x2002, [0x26d_0000, 1]);
    expect(traced).toEqual([0, 1, 2, 3]);
    const { list } = k.events;
    expect(list.flatMap(({ call }) => call ?? [])).toEqual([0, 2]);
    expect(list.map(({ id }) => id)).toEqual(list.map((_, at) => at));
  });

  test.each([0, 1, -1, -3, 9900])('of mobility.c copies the page back after status %d', (status) => {
    const k = boot(rootOf(), { drivers: [] });
    const call = (_: unknown, memory: typeof k.rtas.memory) => {
      expect(memory.read(0x26d_0000, 3)).toEqual(Uint8Array.of(1, 2, 3));
      memory.write(0x26d_0000, Uint8Array.of(4, 5));
      return [status];
    };
    Object.assign(k, { firmware: { tokens: new Map(), call, hcall: () => undefined } });
    const page = takePage();
    page.bytes.set([1, 2, 3]);
    expect(mobilityRtasCall(k, 0x2002, page, 1)).toBe(status);
    expect(page.bytes.subarray(0, 4)).toEqual(Uint8Array.of(4, 5, 3, 0));
  });

  test('of an unknown function is -1 without a call', () => {
    const k = boot(rootOf(), { drivers: [] });
    expect(rtasCall(k, RTAS_UNKNOWN_SERVICE, [])).toBe(-1);
  });
});
