import type { Chooser } from '../../choice/index.ts';
import type { Clock } from './clock.ts';
import type { Flow } from './flow.ts';
import { KERN_ERR, type KernelLog } from './log.ts';
import { Thread, ThreadExit } from './thread.ts';
import { type Blocked, coarseReads, type StepWatcher } from './watch.ts';

/** Seconds after which khungtaskd reports a task (kernel.hung_task_timeout_secs). */
const HUNG_TASK_TIMEOUT = 120;

/**
 * Chooses the next thread whenever the running one yields.
 *
 * The default keeps the running thread until it must wait, then takes the others in the order in which they were started.
 * Time passes only when every thread sleeps. A `Chooser` can choose any other thread that is ready or asleep. The sleep of the
 * chosen thread then ends, as if the other threads had taken that long.
 */
export class Scheduler {
  current: Thread;
  readonly #clock: Clock;
  readonly #log: KernelLog;
  readonly #chooser: Chooser;
  readonly #cpus: number;
  /** Observes steps after boot; see `watch.ts`. */
  watcher: StepWatcher | undefined;
  #live: Thread[] = [];
  #nextPid = 1000;

  constructor(clock: Clock, log: KernelLog, chooser: Chooser, cpus: number) {
    this.#clock = clock;
    this.#log = log;
    this.#chooser = chooser;
    this.#cpus = cpus;
    this.current = new Thread('swapper/0', 1, 0);
  }

  /**
   * Whether several threads were started since `run` last ended. Flows yield to other threads only then. The flag stays set when
   * one thread remains, so that the steps of a thread do not depend on how long the others run.
   */
  contended = false;

  /** Starts a thread. It first runs when `run` chooses it. */
  spawn(comm: string, flow: Flow<unknown>): Thread {
    const pid = this.#nextPid++;
    const thread = new Thread(comm, pid, pid % this.#cpus, flow);
    this.#live.push(thread);
    if (this.#live.length > 1) this.contended = true;
    return thread;
  }

  /** Runs threads until all have ended or none can continue. */
  run(): void {
    for (let next = this.#pick(); next; next = this.#pick()) this.#step(next);
    for (const thread of this.#live) this.#declareHung(thread);
    this.#live = [];
    this.contended = false;
  }

  #step(thread: Thread): void {
    this.current = thread;
    thread.wakeAt = 0;
    thread.waitingFor = undefined;
    if (this.watcher) this.#watch(thread, this.watcher);
    try {
      const { done, value } = (thread.flow as Flow<unknown>).next();
      if (done) this.#end(thread, 'ended', value);
      else if (typeof value === 'number') thread.wakeAt = this.#clock.micros + value * 1000;
      else if (typeof value === 'string') thread.yieldedAt = value;
      else thread.waitingFor = value;
    } catch (error) {
      if (!(error instanceof ThreadExit)) throw error;
      this.#end(thread, error.state, undefined);
    }
  }

  #end(thread: Thread, state: 'ended' | 'killed' | 'hung', result: unknown): void {
    thread.state = state;
    thread.result = result;
    this.#live.splice(this.#live.indexOf(thread), 1);
  }

  #pick(): Thread | undefined {
    const chosen = this.#live.length > 1 ? this.#pickAmong(this.#ways()) : this.#pickOnly(this.#live[0]);
    if (chosen && chosen.wakeAt > this.#clock.micros) this.#clock.micros = chosen.wakeAt;
    return chosen;
  }

  #pickAmong(ways: readonly Thread[]): Thread | undefined {
    this.watcher?.ready(
      ways.map((thread) => thread.pid),
      this.#blocked,
    );
    return ways.length > 1 ? ways[this.#chooser.choose(ways.length, 'run')] : ways[0];
  }

  /** Most steps have only one thread. This path allocates no lists. */
  #pickOnly(thread: Thread | undefined): Thread | undefined {
    if (!thread) return undefined;
    const ready = isReady(thread) ? thread : undefined;
    this.watcher?.ready(ready?.pidList ?? noThreads, this.#blocked);
    return ready;
  }

  #ways(): Thread[] {
    const now = this.#clock.micros;
    const awake: Thread[] = [];
    const asleep: Thread[] = [];
    for (const thread of this.#live) {
      if (isReady(thread)) (thread.wakeAt <= now ? awake : asleep).push(thread);
    }
    const running = awake.indexOf(this.current);
    if (running > 0) awake.unshift(...awake.splice(running, 1));
    if (asleep.length === 0) return awake;
    return [...awake, ...asleep.sort((a, b) => a.wakeAt - b.wakeAt)];
  }

  readonly #blocked = (): readonly Blocked[] =>
    this.#live.flatMap(({ pid: thread, waitingFor }) =>
      waitingFor && !waitingFor.ready ? [{ thread, what: waitingFor.what }] : [],
    );

  #watch({ pid, readsCoarsely: isDeep }: Thread, watcher: StepWatcher): void {
    watcher.step(pid);
    if (isDeep) for (const what of coarseReads) watcher.read(what);
  }

  #declareHung(thread: Thread): void {
    thread.state = 'hung';
    this.#clock.micros += HUNG_TASK_TIMEOUT * 1_000_000;
    this.#log.print(
      KERN_ERR,
      `INFO: task ${thread.comm}:${thread.pid} blocked for more than ${HUNG_TASK_TIMEOUT} seconds.`,
    );
  }
}

const noThreads: readonly number[] = [];

function isReady(thread: Thread): boolean {
  return thread.waitingFor === undefined || thread.waitingFor.ready;
}
