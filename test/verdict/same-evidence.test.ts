import { expect, test } from 'vitest';
import type {
  ClientOutcome,
  DriverState,
  MigrationOutcome,
  NodeReferences,
  VioDevice,
} from '../../src/partition/index.ts';
import type { Evidence } from '../../src/verdict/index.ts';
import { sameEvidence } from '../../src/verdict/same-evidence.ts';
import { facilities, observation, random, text } from './evidence.ts';

const tree = facilities([random]);
const before = observation();

const device: VioDevice = {
  name: 'ibm,random-v1',
  driver: 'pseries-rng',
  devspec: '/ibm,platform-facilities/ibm,random-v1',
  ofNode: { state: 'resolves', target: '../ibm,random-v1' },
};
const driver: DriverState = {
  driver: 'nx-crypto',
  device: 'ibm,sym-encryption-v1',
  values: { max: 1, mode: 'cbc' },
};
const references: NodeReferences = {
  path: '/ibm,platform-facilities',
  phandle: 0xfffffff6,
  generation: 1,
  state: 'attached',
  boot: true,
  count: 3,
  holders: [{ who: 'sysfs', count: 1 }],
};
const client: ClientOutcome = { name: 'reads devspec', succeeded: 3, failed: { EIO: 1 } };
const outcome: MigrationOutcome = { written: { ok: true, value: 4 }, clients: [client] };

interface Parts {
  readonly lines?: readonly string[];
  readonly after?: typeof tree;
  readonly device?: Partial<VioDevice>;
  readonly driver?: Partial<DriverState>;
  readonly references?: Partial<NodeReferences>;
  readonly client?: Partial<ClientOutcome>;
  readonly written?: MigrationOutcome['written'];
}

/** Evidence that is made anew each time, so that equality is not identity. */
function evidence(parts: Parts = {}): Required<Evidence> {
  return {
    source: tree,
    destination: tree,
    before,
    after: observation({
      lines: parts.lines ?? ['mobility: done'],
      tree: parts.after ?? facilities([random]),
      devices: [{ ...device, ...parts.device }],
      drivers: [{ ...driver, ...parts.driver }],
      references: [{ ...references, ...parts.references }],
    }),
    outcomes: [{ written: parts.written ?? outcome.written, clients: [{ ...client, ...parts.client }] }],
  };
}

test('two runs with equal ends have the same evidence', () => {
  expect(sameEvidence(evidence(), evidence())).toBe(true);
  const failed = { written: { ok: false, errno: 'EIO' } } as const;
  expect(sameEvidence(evidence(failed), evidence(failed))).toBe(true);
  const absent = { device: { ofNode: { state: 'absent' } } } as const;
  expect(sameEvidence(evidence(absent), evidence(absent))).toBe(true);
});

test('only the times of log lines may differ', () => {
  const { after, ...rest } = evidence();
  const later = { ...after, log: after.log.map((line) => ({ ...line, seconds: line.seconds + 1 })) };
  expect(sameEvidence({ ...rest, after: later }, evidence())).toBe(true);
});

test('other trees to start from, or another start, are other evidence', () => {
  expect(sameEvidence({ ...evidence(), source: facilities([random]) }, evidence())).toBe(false);
  expect(sameEvidence({ ...evidence(), destination: facilities([random]) }, evidence())).toBe(false);
  expect(sameEvidence({ ...evidence(), before: observation() }, evidence())).toBe(false);
});

const differences: Readonly<Record<string, Parts>> = {
  'a log line': { lines: ['mobility: failed'] },
  'a further log line': { lines: ['mobility: done', 'mobility: again'] },
  'the tree': {
    after: facilities([{ ...random, properties: [...random.properties, text('status', 'okay')] }]),
  },
  'the name of a device': { device: { name: 'ibm,compression-v1' } },
  'the driver of a device': { device: { driver: null } },
  'the devspec of a device': { device: { devspec: '/' } },
  'the state of a link': { device: { ofNode: { state: 'dangling', target: '../ibm,random-v1' } } },
  'the target of a link': { device: { ofNode: { state: 'resolves', target: '..' } } },
  'the absence of a link': { device: { ofNode: { state: 'absent' } } },
  'the driver of a state': { driver: { driver: 'nx-compress' } },
  'the device of a state': { driver: { device: 'ibm,random-v1' } },
  'a value of a driver': { driver: { values: { max: 2, mode: 'cbc' } } },
  'a further value of a driver': { driver: { values: { max: 1, mode: 'cbc', more: 1 } } },
  'the order of values': { driver: { values: { mode: 'cbc', max: 1 } } },
  'a reference count': { references: { count: 4 } },
  'the state of a node': { references: { state: 'detached' } },
  'the path of a node': { references: { path: '/' } },
  'the phandle of a node': { references: { phandle: 1 } },
  'the generation of a node': { references: { generation: 2 } },
  'the origin of a node': { references: { boot: false } },
  'the name of a holder': { references: { holders: [{ who: 'vio', count: 1 }] } },
  'the count of a holder': { references: { holders: [{ who: 'sysfs', count: 2 }] } },
  'a further holder': {
    references: {
      holders: [
        { who: 'sysfs', count: 1 },
        { who: 'vio', count: 1 },
      ],
    },
  },
  'the value of a write': { written: { ok: true, value: 5 } },
  'the success of a write': { written: { ok: false, errno: 'EIO' } },
  'the name of a client': { client: { name: 'reads name' } },
  'the successes of a client': { client: { succeeded: 4 } },
  'the errors of a client': { client: { failed: { EBUSY: 1 } } },
  'the number of errors': { client: { failed: { EIO: 2 } } },
};

test.each(Object.entries(differences))('%s makes other evidence', (_, parts) => {
  expect(sameEvidence(evidence(parts), evidence())).toBe(false);
  expect(sameEvidence(evidence(), evidence(parts))).toBe(false);
});

test('another error of the write is other evidence', () => {
  const written = (errno: 'EIO' | 'EBUSY') => evidence({ written: { ok: false, errno } });
  expect(sameEvidence(written('EIO'), written('EBUSY'))).toBe(false);
});

test('a device, a driver, a node or a migration more is other evidence', () => {
  const { after, ...rest } = evidence();
  const more: readonly Required<Evidence>[] = [
    { ...rest, after: { ...after, devices: [...after.devices, device] } },
    { ...rest, after: { ...after, drivers: [...after.drivers, driver] } },
    { ...rest, after: { ...after, references: [...(after.references ?? []), references] } },
    { ...rest, after, outcomes: [...rest.outcomes, outcome] },
  ];
  for (const each of more) expect(sameEvidence(each, evidence())).toBe(false);
});
