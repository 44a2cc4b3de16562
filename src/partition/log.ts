/** One line of a kernel log. */
export interface LogLine {
  /** Seconds since boot, as the line's own timestamp says; `readLog` says what it is where the line has none. */
  readonly seconds: number;
  /**
   * Seconds since 1970 as the machine's clock shows them, where the log says so: local time, whatever the zone; in 1970
   * where the log has no year.
   */
  readonly clock?: number;
  /** Present where the line has no time of its own: the rest of another line, or a log without times. */
  readonly untimed?: true;
  /** 0 (emergency) to 7 (debug), as printk counts; `undefined` where the source does not say. */
  readonly level?: number;
  /** Text after the timestamp, without newline. */
  readonly text: string;
}

/** Whether two logs have the same texts and levels, whatever their times. */
export function sameLines(one: readonly LogLine[], other: readonly LogLine[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) {
    const [line, same] = [one[at], other[at]];
    if (line?.text !== same?.text || line?.level !== same?.level) return false;
  }
  return true;
}

/** A warning or oops with its call trace. */
export interface Warning {
  /** Index of its first line in the log. */
  readonly at: number;
  /** The line that says what is wrong: `refcount_t: addition on 0; use-after-free.` */
  readonly message: string;
  /** `lib/refcount.c:25`; absent if the warning does not name it. */
  readonly place?: string;
  /** Function names, innermost first, without offsets. */
  readonly callChain: readonly string[];
}

/** A fault that the kernel reported, from its first line to its last. */
export interface Fault extends Warning {
  /** Index in the log of its last line. */
  readonly end: number;
  /**
   * - `warning`: WARN(), and checks that only report
   * - `oops`: the kernel failed: BUG(), an access that it could not make, KASAN, a panic
   * - `stall`: a CPU or a task stood still
   * - `trace`: a message with a call trace
   */
  readonly kind: 'warning' | 'oops' | 'stall' | 'trace';
  /** Name of the process in which it happened: `drmgr`. */
  readonly process?: string;
  /** The kernel's release, where the report says it. */
  readonly release?: string;
  /** The function that failed, or its address where that is outside of the kernel: firmware's. */
  readonly failed?: string;
}
