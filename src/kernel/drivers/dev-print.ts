import type { CoreKernel } from '../core/core-kernel.ts';
import type { VioDevice } from '../pseries/vio-bus.ts';

/** dev_info(), dev_err() and so on: the prefix is the driver, or the bus where none is bound, and the device. */
export function devPrint(k: CoreKernel, level: number, device: VioDevice, text: string): void {
  k.log.print(level, `${device.driver?.name ?? 'vio'} ${device.name}: ${text}`);
}
