import { expect, test } from 'vitest';
import {
  createMemory,
  describeCall,
  describeWorkArea,
  encodeConnector,
  encodeConnectorCall,
  encodeUpdateNodes,
  encodeUpdateProperties,
  type Rtas,
  type RtasTraceEntry,
  traceRtas,
  workAreaOf,
} from '../../src/papr/index.ts';
import { bytesOf, page, text } from './bytes.ts';

const tokens = new Map([
  ['ibm,suspend-me', 0x202a],
  ['ibm,update-nodes', 0x3001],
  ['ibm,update-properties', 0x3002],
  ['ibm,configure-connector', 0x201e],
  ['ibm,get-system-parameter', 0x2008],
]);
const AREA = 0x10000;

/** The trace entry of one call whose reply is these bytes. */
function traced(
  name: string,
  args: readonly number[],
  status: number,
  before: Uint8Array,
  reply = before,
): RtasTraceEntry {
  const memory = createMemory([{ address: AREA, bytes: page(before) }]);
  const rtas: Rtas = {
    tokens,
    call(_, inside) {
      if (reply !== before) inside.write(AREA, reply);
      return [status];
    },
  };
  const entries: RtasTraceEntry[] = [];
  const tracer = traceRtas(rtas, (entry) => entries.push(entry));
  expect(tracer.tokens).toBe(tokens);
  expect(tracer.call({ token: tokens.get(name) ?? 0x9999, args, nret: 1 }, memory)).toEqual([status]);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new Error('not one entry');
  return entry;
}

const nodes = encodeUpdateNodes({
  state: 0,
  operations: [
    { operation: 'delete', phandles: [0xfffffff5, 0xfffffff4, 0xfffffff3, 0xfffffff6] },
    { operation: 'add', pairs: [{ parent: 0xffffffff, drcIndex: 0x20000001 }] },
  ],
});

test('an entry holds the call and copies of the work area', () => {
  const entry = traced('ibm,update-nodes', [AREA, 1], 0, new Uint8Array(16), nodes);
  expect(entry).toEqual({
    id: 0,
    name: 'ibm,update-nodes',
    token: 0x3001,
    args: [AREA, 1],
    nret: 1,
    rets: [0],
    area: { address: AREA, before: new Uint8Array(4096), after: page(nodes) },
  });
});

test('calls are numbered from 0, including those that throw', () => {
  const ids: number[] = [];
  let fails = false;
  const rtas: Rtas = {
    tokens,
    call() {
      if (fails) throw new RangeError('no memory there');
      return [0];
    },
  };
  const tracer = traceRtas(rtas, ({ id }) => ids.push(id));
  const call = { token: 0x202a, args: [], nret: 1 };
  const memory = createMemory([]);
  tracer.call(call, memory);
  fails = true;
  expect(() => tracer.call(call, memory)).toThrow(RangeError);
  fails = false;
  tracer.call(call, memory);
  expect(ids).toEqual([0, 2]);
});

test('calls in one line', () => {
  const asked = new Uint8Array(16);
  expect(describeCall(traced('ibm,update-nodes', [AREA, 1], 0, asked, nodes))).toBe(
    'ibm,update-nodes(scope 1) → 0: delete fffffff5, fffffff4, fffffff3, fffffff6; add under ffffffff drc 20000001',
  );
  const empty = encodeUpdateNodes({ state: 0, operations: [] });
  expect(describeCall(traced('ibm,update-nodes', [AREA, 0xfffffffe], 1, bytesOf('00000002'), empty))).toBe(
    'ibm,update-nodes(scope -2, state 00000002) → 1 (more): nothing',
  );
  expect(describeCall(traced('ibm,update-nodes', [AREA, 1], -2, asked))).toBe(
    'ibm,update-nodes(scope 1) → -2 (busy)',
  );
  expect(describeCall(traced('ibm,update-nodes', [AREA, 1], 0, asked, bytesOf('00000000 00000001')))).toBe(
    'ibm,update-nodes(scope 1) → 0: malformed at byte 7: reserved must be zero',
  );
  const properties = encodeUpdateProperties({
    phandle: 0xfffffff4,
    state: 0,
    descriptors: [
      { kind: 'path', path: '/ibm,platform-facilities/ibm,compression-v1' },
      { kind: 'value', name: 'status', value: text('okay\0') },
      { kind: 'deleted', name: 'ibm,old' },
      { kind: 'empty', name: 'ibm,flag' },
      { kind: 'partial', name: 'ibm,big', value: new Uint8Array(9) },
    ],
  });
  expect(describeCall(traced('ibm,update-properties', [AREA, 1], 1, bytesOf('fffffff4'), properties))).toBe(
    'ibm,update-properties(fffffff4, scope 1) → 1 (more): /ibm,platform-facilities/ibm,compression-v1; ' +
      'status = "okay"; ibm,old deleted; ibm,flag without value; ibm,big, 9 bytes to be continued',
  );
  const call = encodeConnectorCall(0x20000001);
  const node = encodeConnector({
    drcIndex: 0x20000001,
    progress: 1,
    item: { status: 2, name: 'ibm,random-v1' },
  });
  expect(describeCall(traced('ibm,configure-connector', [AREA, 0], 2, call, node))).toBe(
    'ibm,configure-connector(drc 20000001) → 2 (next child): ibm,random-v1',
  );
  const item = { status: 3 as const, name: 'status', value: text('okay\0') };
  const property = encodeConnector({ drcIndex: 0x20000001, progress: 2, item });
  expect(describeCall(traced('ibm,configure-connector', [AREA, 0], 3, node, property))).toBe(
    'ibm,configure-connector(drc 20000001) → 3 (next property): status = "okay"',
  );
  expect(describeCall(traced('ibm,configure-connector', [AREA, 0], 4, node))).toBe(
    'ibm,configure-connector(drc 20000001) → 4 (previous parent)',
  );
  expect(describeCall(traced('ibm,configure-connector', [AREA, 0], 0, node))).toBe(
    'ibm,configure-connector(drc 20000001) → 0',
  );
  expect(describeCall(traced('ibm,configure-connector', [AREA, 0], 9902, call))).toBe(
    'ibm,configure-connector(drc 20000001) → 9902 (extended delay of 100 ms)',
  );
  expect(describeCall(traced('ibm,suspend-me', [], -9006, call))).toBe(
    'ibm,suspend-me() → -9006 (coprocessor operations outstanding)',
  );
  expect(describeCall(traced('ibm,get-system-parameter', [43, 0x26d0000, 4000], -3, call))).toBe(
    'ibm,get-system-parameter(43, 0x26d0000, 4000) → -3 (parameter error)',
  );
  expect(describeCall(traced('what is this', [1], 0, call))).toBe('0x9999(1) → 0');
});

test('a work area that is not memory leaves an entry without bytes', () => {
  const entry = traced('ibm,update-nodes', [0x99990000, 1], -3, new Uint8Array(0));
  expect(entry.area).toBeUndefined();
  expect(describeCall(entry)).toBe('ibm,update-nodes(0x99990000, 1) → -3 (parameter error)');
  expect(describeWorkArea(entry)).toBeUndefined();
});

test('the ranges of a reply depend on the status', () => {
  const asked = new Uint8Array(16);
  const meanings = (entry: RtasTraceEntry) => describeWorkArea(entry)?.after.map((range) => range.meaning);
  expect(meanings(traced('ibm,update-nodes', [AREA, 1], 0, asked, nodes))).toContain('deleted node');
  expect(meanings(traced('ibm,update-nodes', [AREA, 1], -1, asked, nodes))).toEqual([
    'state',
    'reserved',
    'ignored',
  ]);
});

test('the memory that a call uses in addition to its arguments', () => {
  expect(workAreaOf('ibm,update-nodes', [AREA, 1])).toEqual({ address: AREA, length: 4096 });
  expect(workAreaOf('ibm,suspend-me', [])).toBeUndefined();
  expect(workAreaOf('ibm,update-nodes', [])).toBeUndefined();
  expect(workAreaOf('nvram-fetch', [1, 2])).toBeUndefined();
});

test('a call without results, an unknown function, and large arguments', () => {
  const area = { address: AREA, before: page(new Uint8Array(8)), after: page(new Uint8Array(8)) };
  const entry = { id: 0, name: 'nvram-fetch', token: 1, args: [0xffff, 0x10000], nret: 1, rets: [-3], area };
  expect(describeCall(entry)).toBe('nvram-fetch(65535, 0x10000) → -3 (parameter error)');
  expect(describeCall({ ...entry, rets: [] })).toBe('nvram-fetch(65535, 0x10000) → nothing');
  expect(describeWorkArea(entry)).toBeUndefined();
});

test('a work area of ibm,configure-connector depends on its status', () => {
  const reply = encodeConnector({
    drcIndex: 0x20000001,
    progress: 1,
    item: { status: 2, name: 'ibm,random-v1' },
  });
  const entry = traced('ibm,configure-connector', [AREA, 0], 2, encodeConnectorCall(0x20000001), reply);
  const meanings = (of: readonly { readonly meaning: string }[] | undefined) =>
    of?.map(({ meaning }) => meaning);
  expect(meanings(describeWorkArea(entry)?.before)).toEqual([
    'drc index',
    'progress',
    'unchanged since the last reply',
  ]);
  expect(meanings(describeWorkArea(entry)?.after)).toContain('name of node');
  const failed = traced('ibm,configure-connector', [AREA, 0], -9003, encodeConnectorCall(0x20000001), reply);
  expect(meanings(describeWorkArea(failed)?.after)).not.toContain('name of node');
});

test('several added nodes in one line', () => {
  const pairs = [1, 2].map((drcIndex) => ({ parent: 0xffffffff, drcIndex }));
  const reply = encodeUpdateNodes({ state: 0, operations: [{ operation: 'add', pairs }] });
  expect(describeCall(traced('ibm,update-nodes', [AREA, 1], 0, new Uint8Array(16), reply))).toBe(
    'ibm,update-nodes(scope 1) → 0: add under ffffffff drc 00000001; add under ffffffff drc 00000002',
  );
  const none = encodeUpdateProperties({ phandle: 7, state: 0, descriptors: [] });
  expect(describeCall(traced('ibm,update-properties', [AREA, 1], 0, bytesOf('00000007'), none))).toBe(
    'ibm,update-properties(00000007, scope 1) → 0: no descriptors',
  );
});

test('a memory that fails otherwise than by its range is an error', () => {
  const rtas: Rtas = { tokens, call: () => [0] };
  const read = () => {
    throw new TypeError('broken');
  };
  const call = { token: 0x3001, args: [AREA, 1], nret: 1 };
  const tracer = traceRtas(rtas, () => undefined);
  expect(() => tracer.call(call, { read, write: read })).toThrow(new TypeError('broken'));
});
