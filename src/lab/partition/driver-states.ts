import type { DriverState, LogLine, VioDevice } from '../../partition/index.ts';

/** `nx-compress-pseries ibm,compression-v1: nx842_OF_upd: max_sync_size new:65536 old:0` (nx-common-pseries.c, v6.1) */
const LIMIT_LINE = /^(\S+) (\S+): nx842_OF_upd: (max_sync_size|max_sync_sg|max_sg_len) new:(\d+) old:\d+$/;

/**
 * What drivers have in force, as far as their lines in the log tell: nx-842 says its limits whenever it looks at its
 * node. Bound drivers that say nothing are listed with no values. Names are those of modules' files: a driver has
 * underscores (`nx_compress_pseries`) where its module has hyphens.
 */
export function driverStates(log: readonly LogLine[], devices: readonly VioDevice[]): DriverState[] {
  const limits = new Map<string, Record<string, number>>();
  for (const { text } of log) {
    const [, , device, name, value] = LIMIT_LINE.exec(text) ?? [];
    if (device === undefined || name === undefined) continue;
    const values = limits.get(device) ?? {};
    values[name] = Number(value);
    limits.set(device, values);
  }
  return devices.flatMap(({ name, driver }) =>
    driver === null
      ? []
      : [{ driver: driver.replaceAll('_', '-'), device: name, values: limits.get(name) ?? {} }],
  );
}
