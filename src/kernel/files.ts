import { decodeLatin1, encodeLatin1, StringTable } from '../base/index.ts';
import { EACCES, EINVAL, EISDIR, ENOENT } from './core/errno.ts';
import type { Flow } from './core/flow.ts';
import { coarseReads, shared } from './core/watch.ts';
import { readHwrng } from './drivers/pseries-rng.ts';
import type { Kernel } from './kernel.ts';
import { type Entry, lookUp } from './of/sysfs-directory.ts';
import { dlparShow, dlparStore } from './pseries/dlpar-store.ts';
import { migrationStore } from './pseries/mobility.ts';
import { ofdtWrite } from './pseries/ofdt.ts';
import { bindStore, unbindStore } from './pseries/vio-bind.ts';
import type { VioDevice } from './pseries/vio-bus.ts';
import { readVioFile } from './pseries/vio-files.ts';

/**
 * Files of sysfs, proc and dev that the model has, as root sees them. In addition, a write to `crypto:NAME` is a request of that many
 * bytes to an algorithm.
 */

const DEVICE_TREE = ['sys', 'firmware', 'devicetree', 'base'];
const writeOnly: ReadonlySet<string> = new Set(['/sys/kernel/mobility/migration']);
const ofdt: ReadonlySet<string> = new Set(['/proc/ppc64/ofdt', '/proc/powerpc/ofdt']);
const CRYPTO = 'crypto:';

/** read(2) of a whole file. @returns its bytes, or a negative errno */
export function readFile(k: Kernel, path: string): Uint8Array | number {
  if (path === '/dev/hwrng') return readHwrng(k);
  k.watcher?.read(shared.vio);
  if (path === '/sys/kernel/mobility/api_version') return encodeLatin1('1\n');
  if (path === '/sys/kernel/dlpar') return encodeLatin1(dlparShow(k));
  if (writeOnly.has(path) || isDriverFile(k, path)) return -EACCES;
  if (ofdt.has(path)) return -EINVAL;
  const names = namesOf(path);
  const device = deviceOf(k, names);
  if (!device) return readTree(k, names);
  if (names.length === 4) return -EISDIR;
  if (names[4] === 'of_node' && device.link)
    return readEntry(k, lookUp(k, [...device.link, ...names.slice(5)]));
  const text = names.length === 5 ? readVioFile(k, device, names[4] ?? '') : undefined;
  return text === undefined ? -ENOENT : encodeLatin1(text);
}

/** One write(2). @returns the number of bytes written, or the kernel's return value, which need not be an errno */
export function* writeFile(k: Kernel, path: string, bytes: Uint8Array): Flow<number> {
  if (path.startsWith(CRYPTO)) return yield* k.crypto.request(k, path.slice(CRYPTO.length), bytes.length);
  const store = storeOf(k, path);
  if (!store) {
    const read = readFile(k, path);
    return typeof read === 'number' && read !== -EISDIR ? read : -EACCES;
  }
  const thread = k.scheduler.current;
  const { stack } = thread;
  const depth = stack.length;
  stack.push('ksys_write', 'vfs_write', ...store.frames);
  thread.readsCoarsely = true;
  for (const what of coarseReads) k.watcher?.read(what);
  const error = yield* store.write(decodeLatin1(bytes));
  thread.readsCoarsely = false;
  stack.length = depth;
  return error === 0 ? bytes.length : error;
}

interface Store {
  readonly frames: readonly string[];
  write(text: string): Flow<number>;
}

const throughSysfs = ['kernfs_fop_write_iter', 'sysfs_kf_write', 'kobj_attr_store'];

function storeOf(k: Kernel, path: string): Store | undefined {
  if (path === '/sys/kernel/mobility/migration') {
    return { frames: [...throughSysfs, 'migration_store'], write: (text) => migrationStore(k, text) };
  }
  if (path === '/sys/kernel/dlpar') {
    return { frames: [...throughSysfs, 'dlpar_store'], write: (text) => dlparStore(k, text) };
  }
  if (ofdt.has(path))
    return { frames: ['proc_reg_write', 'ofdt_write'], write: (text) => ofdtWrite(k, text) };
  const [, , , , , name, file] = path.split('/').length === 7 ? path.split('/') : [];
  const driver =
    path.startsWith('/sys/bus/vio/drivers/') && k.vio.drivers.find((known) => known.name === name);
  if (!driver) return undefined;
  if (file === 'bind')
    return { frames: [...throughSysfs, 'bind_store'], write: (text) => bindStore(k, driver, text) };
  if (file === 'unbind') {
    return { frames: [...throughSysfs, 'unbind_store'], write: (text) => unbindStore(k, driver, text) };
  }
  return undefined;
}

function isDriverFile(k: Kernel, path: string): boolean {
  return path.startsWith('/sys/bus/') && storeOf(k, path) !== undefined;
}

function deviceOf(k: Kernel, names: readonly string[]): VioDevice | undefined {
  const [sys, devices, vio, name] = names;
  if (sys !== 'sys' || devices !== 'devices' || vio !== 'vio') return undefined;
  return k.vio.devices.find((device) => device.name === name);
}

function readTree(k: Kernel, names: readonly string[]): Uint8Array | number {
  return startsWith(names, DEVICE_TREE) ? readEntry(k, lookUp(k, names.slice(DEVICE_TREE.length))) : -ENOENT;
}

function readEntry(k: Kernel, entry: Entry | undefined): Uint8Array | number {
  k.watcher?.read(shared.tree);
  if (!entry) return -ENOENT;
  return 'fullName' in entry ? -EISDIR : entry.value;
}

/** The names of a path, with the links /proc/device-tree and /sys/bus/vio/devices resolved. */
function namesOf(path: string): readonly string[] {
  return splitPaths.get(path);
}

/** Paths and their parts: clients read the same few files in thousands of runs. */
const splitPaths = new StringTable(splitPath, 1000);

function splitPath(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  if (startsWith(names, ['proc', 'device-tree'])) return [...DEVICE_TREE, ...names.slice(2)];
  if (startsWith(names, ['sys', 'bus', 'vio', 'devices']))
    return ['sys', 'devices', 'vio', ...names.slice(4)];
  return names;
}

function startsWith(names: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => names[index] === name);
}
