/**
 * One event of a run, for timelines: an actor, what it did, when, and to which node.
 * Both kinds of partition and the firmware's trace report events; reports show one lane per actor.
 */
export interface RunEvent {
  /** Unique in its run: links name an event by it. */
  readonly id: number;
  /** Seconds since boot (virtual in the model). */
  readonly seconds: number;
  /** The actor. */
  readonly lane: 'firmware' | 'mobility' | 'of' | 'vio' | 'driver' | 'client' | 'log';
  /** Short and stable, for filters: `rtas`, `attach`, `detach`, `release`, `get`, `put`, `notify`, `log`. */
  readonly kind: string;
  /** One line for people. */
  readonly text: string;
  /** Path of the node concerned. */
  readonly node?: string;
  /** `RtasTraceEntry.id` of the RTAS call that the event is about. */
  readonly call?: number;
  /** Details; only values that JSON has. */
  readonly data?: Readonly<Record<string, unknown>>;
}
