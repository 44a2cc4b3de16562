/**
 * One thing that happened, for timelines: who did what when, and to which node.
 * Both kinds of partition and the firmware's trace yield these; reports put them on lanes.
 */
export interface RunEvent {
  /** Unique in its run: links name an event by it. */
  readonly id: number;
  /** Seconds since boot (virtual in the model). */
  readonly seconds: number;
  readonly lane: 'firmware' | 'mobility' | 'of' | 'vio' | 'driver' | 'client' | 'log';
  /** Short and stable, for filters: `rtas`, `attach`, `detach`, `release`, `get`, `put`, `notify`, `log`. */
  readonly kind: string;
  /** One line for people. */
  readonly text: string;
  /** Path of the node it is about. */
  readonly node?: string;
  /** `RtasTraceEntry.id` of the RTAS call that the event is about. */
  readonly call?: number;
  /** What else is known, JSON-able. */
  readonly data?: Readonly<Record<string, unknown>>;
}
