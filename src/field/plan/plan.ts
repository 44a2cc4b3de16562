import type { VioDevice } from '../../partition/index.ts';

/** One property to change, with one write. */
export interface PlanStep {
  /** Path of the node. */
  readonly path: string;
  readonly name: string;
  /** Current value; undefined: the property does not exist. */
  readonly from: Uint8Array | undefined;
  /** Wanted value; undefined: the property is removed. */
  readonly to: Uint8Array | undefined;
  /** The bytes for /proc/ppc64/ofdt. */
  readonly write: Uint8Array;
  /** Side effects of the command and limits of its effect. */
  readonly warnings: readonly string[];
}

/** A difference that no command can remove: it needs a restart of the partition. */
export interface NeedsRestart {
  /** Path of the node, or of the property after a colon. */
  readonly subject: string;
  readonly reason: string;
}

/** The commands that bring the properties of a running tree to their wanted values. */
export interface Plan {
  readonly steps: readonly PlanStep[];
  readonly needsRestart: readonly NeedsRestart[];
  /** Differences that the server does not cause: made by this boot, or hidden in a capture. */
  readonly leftAlone: readonly string[];
  /** What makes the kernel refuse every command. */
  readonly obstacles: readonly string[];
}

export interface PlanOptions {
  /** Kernel release of the partition; `''` or absent where it is unknown. */
  readonly release?: string;
  /** Lockdown mode of the kernel. */
  readonly lockdown?: string;
  /** Devices of the VIO bus: determine which drivers do not read a new value. */
  readonly devices?: readonly VioDevice[];
  /** Properties, by path, that a capture hides. */
  readonly leftOut?: readonly string[];
}
