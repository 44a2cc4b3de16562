import type { Flow, Waitable } from './flow.ts';

/** One thread of execution: a process in a system call, or a thread of the kernel's own. */
export class Thread {
  readonly comm: string;
  readonly pid: number;
  /** The list of its pid alone. */
  readonly pidList: readonly number[];
  /** Logical number of the CPU it runs on, as warnings print it. */
  readonly cpu: number;
  readonly flow: Flow<unknown> | undefined;
  /**
   * Functions it is in, outermost first, as far as flows care to say so: those that a call trace of this thread ends
   * with. What lies further in is added where a trace is printed.
   */
  readonly stack: string[] = [];
  /** Until when it sleeps, in microseconds since boot; 0 when it does not. */
  wakeAt = 0;
  waitingFor: Waitable | undefined;
  /** Where it last let others in, for people. */
  yieldedAt = '';
  /** What it did at firmware's word; see `spend` in pseries/rtas.ts. */
  spent = 0;
  /** It is inside a system call whose steps read more than is told one by one; see watch.ts. */
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

/** Ends the thread that throws it. What it had locked stays locked. */
export class ThreadExit extends Error {
  /** `killed` by an oops, or `hung`: it would go on for ever. */
  readonly state: 'killed' | 'hung';

  constructor(state: 'killed' | 'hung') {
    super(state);
    this.name = 'ThreadEnds';
    this.state = state;
  }
}
