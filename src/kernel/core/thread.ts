import type { Flow, Waitable } from './flow.ts';

/** A process in a system call, or a kernel thread. */
export class Thread {
  readonly comm: string;
  readonly pid: number;
  /** A list with only its pid. */
  readonly pidList: readonly number[];
  /** Logical number of the CPU it runs on, as warnings print it. */
  readonly cpu: number;
  readonly flow: Flow<unknown> | undefined;
  /**
   * Functions it is in, outermost first: the end of its call traces. Only some flows set it. Inner functions are added where a
   * trace is printed.
   */
  readonly stack: string[] = [];
  /** End of its sleep in microseconds since boot; 0 if it does not sleep. */
  wakeAt = 0;
  waitingFor: Waitable | undefined;
  /** Name of the place where it last yielded. */
  yieldedAt = '';
  /** Work done at firmware's request; see `spend` in pseries/rtas.ts. */
  spent = 0;
  /** It is in a system call whose reads are reported as `coarseReads`; see watch.ts. */
  readsCoarsely = false;
  state: 'live' | 'ended' | 'killed' | 'hung' = 'live';
  result: unknown;

  constructor(comm: string, pid: number, cpu: number, flow?: Flow<unknown>) {
    this.comm = comm;
    this.pid = pid;
    this.pidList = [pid];
    this.cpu = cpu;
    this.flow = flow;
  }
}

/** Ends the thread that throws it. Its locks stay locked. */
export class ThreadExit extends Error {
  /** `killed` by an oops, or `hung`: it would run for ever. */
  readonly state: 'killed' | 'hung';

  constructor(state: 'killed' | 'hung') {
    super(state);
    this.name = 'ThreadEnds';
    this.state = state;
  }
}
