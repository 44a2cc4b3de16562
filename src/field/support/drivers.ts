import type { DriverState, LogLine } from '../../partition/index.ts';

/** drivers/crypto/nx/nx-842-pseries.c (nx-common-pseries.c since 6.1), `nx842_OF_upd`; the driver's name is its module's. */
const LIMIT_LINE =
  /^(nx[-_]compress[-_]pseries) (\S+): nx842_OF_upd: (max_sync_size|max_sync_sg|max_sg_len) new:(\d+) old:\d+$/;
const DISABLED_LINE = /^(?:nx[-_]compress[-_]pseries) (\S+): nx842_OF_upd: device disabled$/;

/**
 * The limits that drivers have in force, as far as they tell them: the compression driver prints them when it is bound
 * and whenever its node changes. (That `new` is in force also where the kernel fails to take a new value: it then
 * prints the old one twice.)
 */
export function driversIn(log: readonly LogLine[]): readonly DriverState[] {
  const states = new Map<string, { driver: string; device: string; values: Record<string, number> }>();
  for (const { text } of log) {
    const off = DISABLED_LINE.exec(text);
    if (off?.[1] !== undefined) states.delete(off[1]);
    const match = LIMIT_LINE.exec(text);
    if (!match) continue;
    const [, driver = '', device = '', name = '', value] = match;
    const state = states.get(device) ?? { driver: driver.replaceAll('_', '-'), device, values: {} };
    states.set(device, state);
    state.values[name] = Number(value);
  }
  return Array.from(states.values());
}
