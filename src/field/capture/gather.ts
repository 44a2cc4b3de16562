import { closeSync, constants, openSync, readSync } from 'node:fs';
import { InputError } from '../../base/index.ts';
import { baseName } from '../../devicetree/index.ts';
import { KernelLines, LastBytes } from './last-bytes.ts';
import * as layout from './layout.ts';
import { type Gathered, Machine } from './machine.ts';

export interface GatherOptions {
  /** Where the machine's `/` is; `''` on the machine itself. */
  readonly root: string;
  readonly redact: boolean;
  readonly devspec: boolean;
}

/**
 * Reads what a capture contains. What cannot be read is recorded. No link is followed out of the root.
 * @throws InputError when there is no device tree
 */
export function gather(options: GatherOptions): Gathered {
  const gathered: Gathered = {
    files: new Map(),
    folders: [],
    devices: [],
    unread: [],
    leftOut: [],
    truncated: [],
    macAddresses: [],
  };
  // Names are taken byte by byte; the root is the user's and is text.
  const machine = new Machine(Buffer.from(options.root).toString('latin1'), gathered);
  const tree = [layout.TREE_PATH, 'proc/device-tree'].find((path) => machine.isFolder(path));
  if (tree === undefined)
    throw new InputError(
      'no device tree',
      { file: `${options.root}/${layout.TREE_PATH}` },
      { hint: 'run it on the partition' },
    );
  gatherTree(machine, tree, options.redact);
  gatherDevices(machine, options.devspec);
  for (const path of [layout.HOST_PATH, ...layout.textPaths]) machine.keep(path);
  gatherCaches(machine);
  gatherLog(machine);
  gathered.unread.sort((one, other) => (one.path < other.path ? -1 : 1));
  return gathered;
}

function gatherTree(machine: Machine, tree: string, redact: boolean): void {
  const { gathered } = machine;
  const secret = layout.matcher([...layout.secretNames, ...(redact ? layout.identifyingNames : [])]);
  const secretNode = layout.matcher(layout.secretNodes);
  const mac = layout.matcher(layout.macNames);
  const ahead = [{ path: '', hidden: false }];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    gathered.folders.push(`${layout.TREE_PATH}${next.path}`);
    for (const { name, folder, file } of machine.list(`${tree}${next.path}`)) {
      const path = `${next.path}/${name}`;
      if (folder) ahead.push({ path, hidden: next.hidden || secretNode(name) });
      else if (file && (next.hidden || secret(name))) {
        gathered.leftOut.push(path);
        if (redact && mac(name)) gathered.macAddresses.push(...macOf(machine.read(`${tree}${path}`)));
      } else if (file) {
        const bytes = machine.read(`${tree}${path}`);
        if (bytes) gathered.files.set(`${layout.TREE_PATH}${path}`, bytes);
      }
    }
  }
  gathered.folders.sort();
  gathered.leftOut.sort();
}

/** A MAC address has six bytes, in firmware of PowerVM two bytes of padding before them. */
function macOf(bytes: Uint8Array = new Uint8Array()): readonly string[] {
  return bytes.length === 6 || bytes.length === 8 ? [Buffer.from(bytes.subarray(-6)).toString('hex')] : [];
}

function gatherDevices(machine: Machine, devspec: boolean): void {
  const vio = 'sys/devices/vio';
  if (!machine.isFolder(vio)) return;
  for (const { name } of machine.list(vio).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const device = `${vio}/${name}`;
    if (!machine.isInside(device)) continue;
    const target = machine.link(`${device}/of_node`);
    // The folder has attributes of the bus and `power`, too.
    if (target === undefined && !machine.exists(`${device}/uevent`)) continue;
    const driver = machine.link(`${device}/driver`);
    // The check follows names through sysfs and touches no node.
    const state = machine.isFolder(`${device}/of_node`) ? 'resolves' : 'dangling';
    const spec = devspec ? machine.text(`${device}/devspec`) : undefined;
    machine.gathered.devices.push({
      name,
      driver: driver === undefined ? null : baseName(driver),
      ofNode: target === undefined ? { state: 'absent' } : { state, target },
      ...(spec !== undefined && { devspec: spec }),
    });
  }
}

function gatherCaches(machine: Machine): void {
  const cpus = 'sys/devices/system/cpu';
  if (!machine.isFolder(cpus)) return;
  const lines: string[] = [];
  for (const { name: cpu, folder } of machine.list(cpus)) {
    if (!folder || !/^cpu[0-9]/.test(cpu) || !machine.exists(`${cpus}/${cpu}/cache`)) continue;
    for (const { name: index, folder } of machine.list(`${cpus}/${cpu}/cache`)) {
      for (const attribute of folder && index.startsWith('index') ? layout.cacheAttributes : []) {
        const path = `${cpu}/cache/${index}/${attribute}`;
        const value = machine.isOwnFile(`${cpus}/${path}`) ? machine.text(`${cpus}/${path}`) : undefined;
        if (value) lines.push(`./${path}:${value}\n`);
      }
    }
  }
  if (lines.length > 0) machine.gathered.files.set(layout.CACHES_PATH, bytesOf(lines.sort().join('')));
}

function gatherLog(machine: Machine): void {
  const log = new LastBytes(layout.MAX_LOG_BYTES);
  ringBuffer(machine, log);
  for (const [at, path] of layout.logFallbacks.entries()) {
    if (log.length > 0 || !machine.has(path)) continue;
    if (at === 0) machine.stream(path, (chunk) => log.push(Buffer.from(chunk)));
    else {
      const lines = new KernelLines(log);
      machine.stream(path, (chunk) => lines.push(chunk));
      lines.end();
    }
  }
  if (log.length === 0) return;
  if (log.cut) machine.gathered.truncated.push(layout.LOG_PATH);
  machine.gathered.files.set(layout.LOG_PATH, log.bytes());
}

/** The records of /dev/kmsg (`6,339,5140900,-;text`, microseconds), each as `dmesg -r` prints it. */
function ringBuffer(machine: Machine, log: LastBytes): void {
  if (machine.root !== '' || !machine.exists('dev/kmsg')) return;
  try {
    // Without O_NONBLOCK the device waits for the next line at its end.
    const kmsg = openSync(machine.real('dev/kmsg'), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const record = Buffer.alloc(16 << 10);
      for (let length = next(kmsg, record); length > 0; length = next(kmsg, record)) {
        const match = /^(\d+),\d+,(\d+),[^;]*;([^\n]*)/.exec(record.toString('latin1', 0, length));
        if (!match) continue;
        const seconds = (Number(match[2]) / 1e6).toFixed(6).padStart(12);
        log.push(bytesOf(`<${match[1]}>[${seconds}] ${match[3]}\n`));
      }
    } finally {
      closeSync(kmsg);
    }
  } catch (error) {
    machine.unread('dev/kmsg', error);
  }
}

/** Bytes of the next record; 0 when there is none. EPIPE: the record was overwritten; the next one is read. */
function next(kmsg: number, record: Buffer): number {
  for (;;) {
    try {
      return readSync(kmsg, record);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return 0;
      if (code !== 'EPIPE') throw error;
    }
  }
}

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
