import { expect, test } from 'vitest';
import { driverStates } from '../../../src/lab/partition/driver-states.ts';

test('the last logged limits of nx-842 count; a driver that logs nothing has no values', () => {
  const line = (name: string, now: number, before: number) => ({
    seconds: 1,
    text: `nx_compress_pseries ibm,compression-v1: nx842_OF_upd: ${name} new:${now} old:${before}`,
  });
  const device = (name: string, driver: string | null) => ({
    name,
    driver,
    ofNode: { state: 'absent' } as const,
  });
  const log = [line('max_sg_len', 4080, 0), line('max_sync_sg', 510, 0), line('max_sg_len', 2048, 4080)];
  const devices = [
    device('ibm,compression-v1', 'nx_compress_pseries'),
    device('ibm,random-v1', 'pseries_rng'),
    device('ibm,sym-encryption-v1', null),
  ];
  expect(driverStates(log, devices)).toEqual([
    {
      driver: 'nx-compress-pseries',
      device: 'ibm,compression-v1',
      values: { max_sg_len: 2048, max_sync_sg: 510 },
    },
    { driver: 'pseries-rng', device: 'ibm,random-v1', values: {} },
  ]);
});
