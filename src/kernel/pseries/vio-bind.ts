import { vioDrivers } from '../../partition/index.ts';
import { EBUSY, ENODEV, ENXIO } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR, KERN_WARNING } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import { isCompatible } from '../of/device-node.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import type { VioDevice, VioDriver } from './vio-bus.ts';

/** Binding of drivers and devices (drivers/base/dd.c, bus.c; vio.c for the match). */

/** Loads a driver's module: vio_register_driver() probes every matching device of the bus. */
export function* loadDriver(k: PseriesKernel, driver: VioDriver): Flow<void> {
  if (!driver.load()) return;
  k.watcher?.write(shared.drivers);
  k.vio.drivers.push(driver);
  for (const device of k.vio.devices) if (matches(driver, device)) yield* probeDevice(k, driver, device);
}

/** device_attach(): tries the drivers of the bus until one binds. */
export function* attachDevice(k: PseriesKernel, device: VioDevice): Flow<void> {
  for (const driver of k.vio.drivers) {
    if (matches(driver, device) && (yield* probeDevice(k, driver, device)) === 0) return;
  }
}

/** A write to …/bind. @returns 0 or a negative errno */
export function* bindStore(k: PseriesKernel, driver: VioDriver, text: string): Flow<number> {
  const device = deviceNamed(k, text);
  if (!device || !matches(driver, device)) return -ENODEV;
  const error = yield* probeDevice(k, driver, device);
  return k.release.bindReturnsCause ? error : error === 0 ? 0 : -ENODEV;
}

/** A write to …/unbind. @returns 0 or a negative errno */
export function* unbindStore(k: PseriesKernel, driver: VioDriver, text: string): Flow<number> {
  const device = deviceNamed(k, text);
  if (!device || device.driver !== driver) return -ENODEV;
  yield* releaseDriver(k, device);
  return 0;
}

/** device_release_driver(). */
export function* releaseDriver(k: PseriesKernel, device: VioDevice): Flow<void> {
  if (!device.mutex.tryLock(k.scheduler)) yield* device.mutex.lock(k.scheduler);
  const driver = device.driver;
  if (driver) {
    const removal = driver.remove(device);
    if (removal) yield* removal;
    k.watcher?.write(shared.drivers);
    device.driver = null;
    k.events.note('driver', 'unbind', `${driver.name} unbinds from ${device.name}`);
  }
  device.mutex.unlock(k.scheduler);
}

/** __driver_probe_device(). @returns 0 or a negative errno */
export function* probeDevice(k: PseriesKernel, driver: VioDriver, device: VioDevice): Flow<number> {
  if (!device.mutex.tryLock(k.scheduler)) yield* device.mutex.lock(k.scheduler);
  const error = device.driver ? -EBUSY : yield* probe(k, driver, device);
  device.mutex.unlock(k.scheduler);
  return error;
}

function* probe(k: PseriesKernel, driver: VioDriver, device: VioDevice): Flow<number> {
  k.watcher?.write(shared.drivers);
  device.driver = driver;
  const answer = driver.probe(device);
  const error = typeof answer === 'number' ? answer : yield* answer;
  if (error === 0) {
    k.events.note('driver', 'bind', `${driver.name} binds to ${device.name}`);
    return 0;
  }
  k.watcher?.write(shared.drivers);
  if (error !== -ENODEV && error !== -ENXIO) logProbeFailure(k, driver, device, error);
  device.driver = null;
  return error;
}

function logProbeFailure(k: PseriesKernel, driver: VioDriver, device: VioDevice, error: number): void {
  if (k.release.logsProbeFailureAsError) {
    const text = `${driver.name} ${device.name}: probe with driver ${driver.name} failed with error ${error}`;
    k.log.print(KERN_ERR, text);
  } else k.log.print(KERN_WARNING, `${driver.name}: probe of ${device.name} failed with error ${error}`);
}

/** vio_match_device(): the driver's type need only be a prefix. */
function matches(driver: VioDriver, device: VioDevice): boolean {
  const [type, compatible] = vioDrivers[driver.module].id;
  return device.node !== null && device.type.startsWith(type) && isCompatible(device.node, compatible);
}

/** sysfs_streq(): ignores one newline at the end. */
function deviceNamed(k: PseriesKernel, text: string): VioDevice | undefined {
  const name = text.endsWith('\n') ? text.slice(0, -1) : text;
  return k.vio.devices.find((device) => device.name === name);
}
