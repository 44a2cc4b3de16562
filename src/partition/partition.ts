import type { RunEvent } from './event.ts';
import type { ReferenceChange } from './ledger.ts';
import type { Observation, Platform } from './observation.ts';

/** What reading or writing a file in the partition gave: bytes, or the errno's name (`ENOENT`). */
export type FileResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errno: string };

/**
 * The near side: a Linux partition, modelled or real.
 *
 * Its doors are files, as on a machine: a migration is a write to `/sys/kernel/mobility/migration`, a client is a read of
 * `/sys/devices/vio/ibm,random-v1/devspec` or of `/dev/hwrng`, an operator a write to `/proc/ppc64/ofdt`. Both kinds of
 * partition therefore take the same workload, and both are looked at through the same `Observation`.
 */
export interface Partition {
  readonly platform: Platform;
  /** What of the tree it was to boot with it cannot have; absent where that is nothing. */
  readonly unsupported?: readonly UnsupportedItem[];
  /** Reads files, one after another: of a regular file all, of anything else what one `read(2)` gives. */
  readFiles(paths: readonly string[]): Promise<readonly FileResult<Uint8Array>[]>;
  /** One `write(2)` of all the bytes. */
  writeFile(path: string, bytes: Uint8Array): Promise<FileResult<number>>;
  /**
   * Migrates: writes `0x<stream>\n` to `/sys/kernel/mobility/migration` while `clients` run beside it.
   * @returns when the write has returned and every client has ended
   */
  migrate(stream: bigint, clients: readonly Client[]): Promise<MigrationOutcome>;
  observe(): Promise<Observation>;
  /** What happened so far, in order; a partition that cannot tell a kind of event leaves it out. */
  events(): readonly RunEvent[];
  /** Every reference to a node that was taken or given back, in order; empty where counts cannot be seen. */
  ledger(): readonly ReferenceChange[];
  /** Ends the partition; nothing of it stays behind. May be called twice. */
  close(): Promise<void>;
}

/** Something of a tree that a partition does not get, because it would not work with it. */
export interface UnsupportedItem {
  readonly path: string;
  /** Absent: the whole node. */
  readonly property?: string;
  readonly reason: string;
}

/** A process in the partition that reads or writes a file again and again during a migration. */
export interface Client {
  /** For people: `reads devspec of ibm,random-v1`. */
  readonly name: string;
  readonly path: string;
  /** Absent: the client reads. */
  readonly write?: Uint8Array;
  readonly times: number;
}

export interface MigrationOutcome {
  readonly written: FileResult<number>;
  readonly clients: readonly ClientOutcome[];
}

export interface ClientOutcome {
  readonly name: string;
  readonly succeeded: number;
  /** Count of failures by errno's name. */
  readonly failed: Readonly<Record<string, number>>;
}
