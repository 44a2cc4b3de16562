import { describe, expect, test } from 'vitest';
import { node, type Property, type Tree, tree } from '../../src/devicetree/index.ts';
import { serverChange } from '../../src/verdict/index.ts';
import { cells, observation, text } from './evidence.ts';

interface Server {
  readonly root?: readonly Property[];
  readonly cpu?: readonly Property[];
  readonly memory?: readonly Property[];
  readonly rtas?: readonly Property[];
  readonly compression?: readonly Property[];
}

const server = ({ root = [], cpu = [], memory = [], rtas = [], compression = [] }: Server): Tree =>
  tree(
    node('', root, [
      node('cpus', [], [node('PowerPC,POWER10@0', [text('device_type', 'cpu'), ...cpu])]),
      node('memory@0', [text('device_type', 'memory'), ...memory]),
      node('rtas', rtas),
      node('ibm,platform-facilities', [], [node('ibm,compression-v1', compression)]),
    ]),
  );

const seen = (of: Server, release = '6.12.30', lines: readonly string[] = []) =>
  observation({
    tree: server(of),
    lines,
    platform: { kind: 'capture', release, policy: '', description: '' },
  });

const one = { root: [text('system-id', 'IBM,0200000A1'), text('model', 'IBM,9080-HEX')] };
const other = { root: [text('system-id', 'IBM,0200000B2'), text('model', 'IBM,9105-42A')] };

describe('another server', () => {
  test('by system-id and model', () => {
    expect(serverChange(seen(one), seen(other))).toMatchObject({
      outcome: 'another server',
      proof: ['system-id: "IBM,0200000A1"', 'model: "IBM,9080-HEX"'].map(() =>
        expect.stringContaining(' → '),
      ),
    });
    expect(serverChange(seen(one), seen(other)).proof[0]).toBe('system-id: IBM,0200000A1 → IBM,0200000B2');
  });

  test('by the firmware level of the same model, and by the name of the hardware', () => {
    const level = (value: string) => ({ root: [...one.root, text('ibm,fw-vernum_encoded', value)] });
    expect(serverChange(seen(level('FW1030')), seen(level('FW1060'))).proof).toEqual([
      'firmware level: FW1030 → FW1060',
    ]);
    const name = (level: string) => [`Hardware name: IBM,9080-HEX POWER10 of:IBM,${level} hv:phyp pSeries`];
    expect(serverChange(seen({}, '6.12', name('FW1030')), seen({}, '6.12', name('FW1060')))).toMatchObject({
      outcome: 'another server',
      proof: [expect.stringMatching(/^hardware: .*FW1030.* → .*FW1060/)],
    });
  });

  test('the same, and unknown', () => {
    expect(serverChange(seen(one), seen(one))).toEqual({ outcome: 'same server', proof: [], changes: [] });
    expect(serverChange(seen({}), seen({})).outcome).toBe('unknown');
    expect(serverChange(seen(one), seen({})).outcome).toBe('unknown');
  });
});

describe('what differs there, and whether the kernel takes it in', () => {
  const changed = (was: Server, is: Server, release?: string) =>
    serverChange(seen(was), seen(is, release)).changes.map(({ what, takenIn }) => `${what}: ${takenIn}`);

  test('NUMA: CPUs, memory, and the number of nodes', () => {
    const placed = (domain: number): Server => ({
      cpu: [cells('ibm,associativity', 2, 0, domain)],
      memory: [cells('ibm,associativity', 2, 0, domain)],
      rtas: [cells('ibm,max-associativity-domains', 2, 8, domain)],
    });
    expect(changed(placed(1), placed(3), '5.14.9')).toEqual([
      expect.stringMatching(/^NUMA placement of 1 CPU node: a running CPU keeps its NUMA node/),
      'NUMA placement of memory: kernels since 5.15 (d144f4d5a8a8) take it in; this kernel (5.14.9) keeps the old value until the partition is restarted',
      'number of NUMA nodes: kernels since 5.15 (9c7248bb8de3) take it in; this kernel (5.14.9) keeps the old value until the partition is restarted',
    ]);
    expect(changed(placed(1), placed(3), '5.14.21-150400.24.46-default')[1]).toContain(
      'is of SUSE Linux Enterprise 15 SP4, whose backports are not known',
    );
    expect(changed(placed(1), placed(3), '6.12.30')[1]).toContain('this kernel (6.12.30) takes it in');
    expect(changed(placed(1), placed(1))).toEqual([]);
  });

  test('processors and coprocessors', () => {
    const level = (version: number, length: number): Server => ({
      cpu: [cells('cpu-version', version)],
      compression: [cells('ibm,max-sg-len', length)],
    });
    expect(changed(level(0x800200, 4080), level(0x4e0202, 2048))).toEqual([
      expect.stringMatching(/^what the processors are compatible with: /),
      expect.stringMatching(/^limits of the coprocessors: drivers read them when they are bound/),
    ]);
    const [{ evidence } = { evidence: [] }] = serverChange(
      seen(level(1, 4080)),
      seen(level(1, 2048)),
    ).changes;
    expect(evidence).toEqual([
      '/ibm,platform-facilities/ibm,compression-v1:ibm,max-sg-len: <0xff0> → <0x800>',
    ]);
  });
});
