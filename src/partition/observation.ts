import type { Tree } from '../devicetree/index.ts';
import type { LogLine, Warning } from './log.ts';

/** The kind of partition that was observed, so that every result names its origin. */
export interface Platform {
  /** `model`: modelled kernel; `linux`: real kernel under QEMU; `capture`: files from a machine. */
  readonly kind: 'model' | 'linux' | 'capture';
  /** Kernel release: `6.12` of a model, `6.1.0-44-powerpc64le` of a real one. */
  readonly release: string;
  /** How the kernel treats deletes and adds of platform-facilities, and how it came to: `ignore`, `detach (device_type patched)`. */
  readonly policy: string;
  /** Free text for people: `modelled kernel`, `QEMU 7.2.22, debian:6.1, 1 CPU`. */
  readonly description: string;
}

/**
 * What is visible of a partition at one moment, in the model, in the lab, or in a capture from a machine.
 * Plain data. The rules of the verdict use nothing else, so they hold for all three.
 */
export interface Observation {
  /** What was observed. */
  readonly platform: Platform;
  /** The live tree as `/proc/device-tree` shows it; duplicate names have the suffix of sysfs, such as `#1`. */
  readonly tree: Tree;
  /** What could not be read, each with path and reason; empty if the observation is complete. */
  readonly unread: readonly string[];
  /** Devices on the VIO bus. */
  readonly devices: readonly VioDevice[];
  /** The kernel log since boot, in order. */
  readonly log: readonly LogLine[];
  /** Warnings and oopses in the log, in order. */
  readonly warnings: readonly Warning[];
  /** Limits and states that drivers use, as far as they are known. */
  readonly drivers: readonly DriverState[];
  /** The holders of each node; the model alone knows them. */
  readonly references?: readonly NodeReferences[];
}

/** A device on the VIO bus, as `/sys/devices/vio/NAME` shows it. */
export interface VioDevice {
  /** Name of the device, such as `ibm,random-v1`. */
  readonly name: string;
  /** Name of the bound driver, or `null`. */
  readonly driver: string | null;
  /** Its `of_node` link. */
  readonly ofNode: OfNodeLink;
  /** Content of `devspec` without its newline; `undefined` if it was not read. */
  readonly devspec?: string;
}

/** The `of_node` link of a device. */
export type OfNodeLink =
  | { readonly state: 'resolves' | 'dangling'; readonly target: string }
  | { readonly state: 'absent' };

/** The values that a driver uses for one device. */
export interface DriverState {
  /** Name of the driver's module: `nx-compress-pseries`. */
  readonly driver: string;
  /** Name of the VIO device. */
  readonly device: string;
  /** Named values in force, such as `max_sg_len: 4080`. */
  readonly values: Readonly<Record<string, number | string>>;
}

/** A node's reference count and its holders (the ledger). */
export interface NodeReferences {
  /** Path when it was attached: `/ibm,platform-facilities/ibm,random-v1`. */
  readonly path: string;
  /** Its phandle; 0 for none. */
  readonly phandle: number;
  /** Distinguishes the nodes that were at this path one after another; 1 is the first. */
  readonly generation: number;
  /** `never attached`: read from a connector, but not in the tree. */
  readonly state: 'attached' | 'detached' | 'released' | 'never attached';
  /** Whether it is from the boot tree; the memory of such a node is never freed. */
  readonly boot: boolean;
  /** The kernel's count: 0 if released, negative if saturated. */
  readonly count: number;
  /** Who holds the references. */
  readonly holders: readonly Holder[];
}

/** One holder of references to a node. */
export interface Holder {
  /** `initial` (created with the node), `sysfs`, `child of … in sysfs`, `vio ibm,random-v1`, `lookup in pseries_devicetree_update`. */
  readonly who: string;
  /** References that it holds. */
  readonly count: number;
}
