import type { ByteRange } from './work-area.ts';

/**
 * All that Transplant knows of one RTAS function. `functions.ts` lists the functions; tracing, describing, serving,
 * fault injection, reconciling, coverage, generated scenarios and the lab are derived from their entries.
 */
export interface RtasFunction {
  /** The token of the modelled firmware: that of QEMU (spapr.h, 7.2) where QEMU has the function, else one of our own. */
  readonly token: number;
  /** The arguments in order, as people call them. */
  readonly args: readonly string[];
  /** Words that the function returns, the status included. */
  readonly nret: number;
  /** Which argument is a scope (LoPAR 7.4.8, table of scopes); absent: the function has none. */
  readonly scope?: number;
  /** Names of the statuses that mean something of their own with this function; see also `rtasStatus`. */
  readonly statuses: Readonly<Record<number, string>>;
  /** `machine`: the function describes the hardware, which a migration does not change; under QEMU, QEMU answers it. */
  readonly answeredBy: 'firmware' | 'machine';
  /** Absent: the function has no work area, or none whose content matters to a migration. */
  readonly workArea?: RtasWorkArea;
}

/** The work area of an RTAS function, and how to read it. */
export interface RtasWorkArea {
  /** Which argument is its real address. */
  readonly argument: number;
  /** Bytes. */
  readonly size: number;
  /** What the first word identifies; absent: the call is about the whole partition. */
  readonly subject?: 'phandle' | 'drc index';
  /** Offset of the word that is 0 in the first call of a sequence; absent: not shown to people. */
  readonly stateOffset?: number;
  /** Statuses from 0 to this one mean that the work area holds a reply. */
  readonly lastReplyStatus: number;
  /** The ranges of the area before the call, or after one without a reply. */
  describeCall(bytes: Uint8Array): ByteRange[];
  /** The ranges of a reply, well-formed or not. */
  describeReply(bytes: Uint8Array, status: number): ByteRange[];
  /**
   * A reply in one line; empty where there is nothing to say.
   * @throws InputError with the offset if the reply is malformed
   */
  summarizeReply(bytes: Uint8Array, status: number): string;
  /**
   * What coverage counts for a reply with more to follow (`STATUS_MORE`). Absent: the function has no such status.
   * @throws InputError with the offset if the reply is malformed
   */
  describeContinuation?(bytes: Uint8Array): readonly string[];
  /** Those of the texts of `describeContinuation` that a search is expected to reach; it reports those that it did not. */
  readonly expectedCoverage?: readonly string[];
}
