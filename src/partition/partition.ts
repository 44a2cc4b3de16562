import type { RunEvent } from './event.ts';
import type { ReferenceChange } from './ledger.ts';
import type { Observation, Platform } from './observation.ts';

/** The result of reading or writing a file in the partition: a value, or the errno's name (`ENOENT`). */
export type FileResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errno: string };

/**
 * A Linux partition, modelled or real.
 *
 * It is used through files, as on a machine: a migration is a write to `/sys/kernel/mobility/migration`, a client reads
 * `/sys/devices/vio/ibm,random-v1/devspec` or `/dev/hwrng`, an operator writes to `/proc/ppc64/ofdt`. So both kinds of
 * partition take the same workload, and both give the same `Observation`.
 */
export interface Partition {
  /** What kind of partition it is. */
  readonly platform: Platform;
  /** Nodes and properties of the boot tree that it does not support; absent if there are none. */
  readonly unsupported?: readonly UnsupportedItem[];
  /**
   * Reads files, one after another: a regular file completely, any other file with one `read(2)`.
   * @returns one result for each path, in order
   */
  readFiles(paths: readonly string[]): Promise<readonly FileResult<Uint8Array>[]>;
  /**
   * Writes all bytes with one `write(2)`.
   * @returns the number of bytes written
   */
  writeFile(path: string, bytes: Uint8Array): Promise<FileResult<number>>;
  /**
   * Migrates: writes `0x<stream>\n` to `/sys/kernel/mobility/migration` while `clients` run concurrently.
   * @returns after the write has returned and every client has ended
   */
  migrate(stream: bigint, clients: readonly Client[]): Promise<MigrationOutcome>;
  /** What is visible of it now. */
  observe(): Promise<Observation>;
  /** The events so far, in order; kinds of events that the partition cannot observe are absent. */
  events(): readonly RunEvent[];
  /** The references to nodes that were taken and released, in order; empty if counts cannot be observed. */
  ledger(): readonly ReferenceChange[];
  /** Ends the partition and removes everything that it made. May be called twice. */
  close(): Promise<void>;
}

/** A node or property that a partition boots without, because it would not work with it. */
export interface UnsupportedItem {
  /** Path of the node. */
  readonly path: string;
  /** Absent: the node itself. */
  readonly property?: string;
  /** Why it would not work. */
  readonly reason: string;
}

/** A process in the partition that reads or writes a file repeatedly during a migration. */
export interface Client {
  /** For people: `reads devspec of ibm,random-v1`. */
  readonly name: string;
  /** The file. */
  readonly path: string;
  /** What it writes; absent: the client reads. */
  readonly write?: Uint8Array;
  /** How often. */
  readonly times: number;
}

/** The result of one migration. */
export interface MigrationOutcome {
  /** Of the write to `/sys/kernel/mobility/migration`. */
  readonly written: FileResult<number>;
  /** Of each client, in order. */
  readonly clients: readonly ClientOutcome[];
}

/** What a client got. */
export interface ClientOutcome {
  /** Name of the client. */
  readonly name: string;
  /** Count of successes. */
  readonly succeeded: number;
  /** Count of failures by errno's name. */
  readonly failed: Readonly<Record<string, number>>;
}
