import type { DriverState } from '../../partition/index.ts';
import type { Flow } from '../core/flow.ts';
import type { Kernel } from '../kernel.ts';
import type { VioDevice } from '../pseries/vio.ts';

/** The drivers of platform facilities, by the names of their modules. */
export type DriverName = 'pseries-rng' | 'nx-compress-pseries' | 'nx-crypto';

/** struct vio_driver: one instance per kernel, with the state that the module keeps. */
export interface VioDriver {
  readonly module: DriverName;
  /** Name in /sys/bus/vio/drivers and before its messages. */
  readonly name: string;
  /** Pairs of type (a prefix is enough) and compatible. */
  readonly ids: readonly (readonly [type: string, compatible: string])[];
  /** What loading the module does first. @returns whether the driver is then registered */
  load(k: Kernel): boolean;
  /** @returns 0 or a negative errno; a flow where it may sleep */
  probe(k: Kernel, device: VioDevice): Flow<number> | number;
  /** @returns a flow where it may sleep */
  remove(k: Kernel, device: VioDevice): Flow<void> | undefined;
  /** What is in force, for observation. */
  values(): DriverState['values'];
}

/** dev_info() and its like: the driver, or the bus where there is none, and the device. */
export function devPrint(k: Kernel, level: number, device: VioDevice, text: string): void {
  k.log.print(level, `${device.driver?.name ?? 'vio'} ${device.name}: ${text}`);
}
