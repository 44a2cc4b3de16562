import type { Tree } from '../devicetree/index.ts';
import type { LogLine, Warning } from './log.ts';

/** What kind of thing was looked at, so that every result says where it comes from. */
export interface Platform {
  readonly kind: 'model' | 'linux' | 'capture';
  /** Kernel release: `6.12` of a model, `6.1.0-44-powerpc64le` of a real one. */
  readonly release: string;
  /** How the kernel treats deletes and adds of platform-facilities, and how it came to: `ignore`, `detach (device_type patched)`. */
  readonly policy: string;
  /** Free text for people: `modelled kernel`, `QEMU 7.2.22, debian:6.1, 1 CPU`. */
  readonly description: string;
}

/**
 * What can be seen of a partition at one moment, whoever looks: the model, the lab, or a capture from a machine.
 *
 * Plain data. The verdict's rules are written against this and nothing else, so that they hold for all three.
 */
export interface Observation {
  readonly platform: Platform;
  /** The live tree as `/proc/device-tree` shows it: names as sysfs has them, `#1` included. */
  readonly tree: Tree;
  /** What could not be read, each with its path and reason; empty when the observation is whole. */
  readonly unread: readonly string[];
  readonly devices: readonly VioDevice[];
  /** The kernel log since boot, in order. */
  readonly log: readonly LogLine[];
  /** Warnings (`cut here` … `end trace`) found in the log, in order. */
  readonly warnings: readonly Warning[];
  /** Limits and states that drivers have in force, where they can be known. */
  readonly drivers: readonly DriverState[];
  /** Who holds which node; known to the model only. */
  readonly references?: readonly NodeReferences[];
}

/** A device on the VIO bus, as `/sys/devices/vio/NAME` shows it. */
export interface VioDevice {
  readonly name: string;
  /** Name of the bound driver, or `null`. */
  readonly driver: string | null;
  readonly ofNode: OfNodeLink;
  /** What reading `devspec` gave, without its newline; `undefined` when it was not read. */
  readonly devspec?: string;
}

/** The `of_node` link of a device. */
export type OfNodeLink =
  | { readonly state: 'resolves' | 'dangling'; readonly target: string }
  | { readonly state: 'absent' };

export interface DriverState {
  /** Name of the driver's module: `nx-compress-pseries`. */
  readonly driver: string;
  readonly device: string;
  /** Named values in force, such as `max_sg_len: 4080`. */
  readonly values: Readonly<Record<string, number | string>>;
}

/** A node's reference count and its holders (the ledger). */
export interface NodeReferences {
  /** Path at the time it was attached, `/ibm,platform-facilities/ibm,random-v1`. */
  readonly path: string;
  readonly phandle: number;
  /** Distinguishes nodes that came to stand at the same path one after another; 1 is the first. */
  readonly generation: number;
  readonly state: 'attached' | 'detached' | 'released' | 'never attached';
  /** Whether it came with the boot tree; such a node's memory is never freed. */
  readonly boot: boolean;
  /** The kernel's count: 0 when released, negative when saturated. */
  readonly count: number;
  readonly holders: readonly Holder[];
}

export interface Holder {
  /** `birth`, `sysfs`, `child of … in sysfs`, `vio ibm,random-v1`, `lookup in pseries_devicetree_update`. */
  readonly who: string;
  readonly count: number;
}
