import type { Chooser } from '../../choice/index.ts';
import type { StepWatcher } from '../../kernel/index.ts';
import { conflict, emptyFootprint, everything, type Footprint, join } from './footprint.ts';
import { type Part, wholeSpace } from './part.ts';
import { Steps } from './steps.ts';

/** How far a search goes; absent: all the way. */
export interface Bounds {
  /**
   * How often a thread that could go on may be left for another. With such a bound no order is taken for another: what
   * stands for it might be beyond the bound.
   */
  readonly preemptions?: number;
  /** How often firmware may leave its plain way: another order, another cut, a fault. */
  readonly departures?: number;
}

/** A place where a run could have gone more than one way, and what is known of the ways. */
interface Point {
  /** Threads that could go on, for a choice of who does; `undefined` for any other choice. */
  readonly threads: readonly number[] | undefined;
  readonly count: number;
  /** Threads that sleep when a run comes here. */
  readonly asleep: ReadonlySet<number>;
  /** The first way lets the thread go on that ran before: any other preempts it. */
  readonly isRunning: boolean;
  /** Number of the step that begins here, or in which the choice was asked. */
  readonly stepNumber: number;
  /** Threads to be tried here: the first, and those that turned out to race with what came after. `undefined`: all. */
  readonly wanted: Set<number> | undefined;
  picked: number;
  /** Of a choice of threads: what the step that was picked touched, in all runs so far that went this way. */
  step: Footprint;
  /** Steps of threads whose way was gone, by thread. */
  readonly done: Map<number, Footprint>;
}

/** Thrown through the run: all that could follow was seen in another order. */
export class Pruned extends Error {
  constructor() {
    super('seen in another order');
    this.name = 'Pruned';
  }
}

/** The same for all, since it has nothing to tell and many runs are left. */
const pruned = new Pruned();

/**
 * Goes through every run, one after the other, depth first, each from its start; it is the chooser and the watcher of each.
 *
 * Orders of steps that commute are one run. Two threads are tried in both orders only where their steps race, which is
 * found out from runs (dynamic partial-order reduction: Flanagan and Godefroid, POPL 2005). A thread whose next step was
 * tried before at a place, and has nothing to do with what was done since, is asleep; a run in which only sleepers could go
 * on was seen in another order, and is left (sleep sets: Godefroid, LNCS 1032, chapter 5).
 *
 * ```ts
 * const walk = new Walk(bounds);
 * do run(walk); while (walk.next());
 * ```
 */
export class Walk implements Chooser, StepWatcher {
  readonly #bounds: Required<Bounds>;
  readonly #part: Part;
  /** Whether orders are left out at all. */
  readonly #reduces: boolean;
  /** Above so many choices deep every order is tried: what races below is not known to who goes through the rest. */
  readonly #fullAbove: number;
  readonly #steps = new Steps<Point>();
  #path: Point[] = [];
  #depth = 0;
  #ready: readonly number[] = [];
  #running = -1;
  #isStepping = false;
  /**
   * Whether a thread was picked among rivals in this run. What was done before is followed by all that comes after, so
   * nobody needs to know what it touched.
   */
  #hasRivals = false;
  /** Where the step under way was picked; that of a thread without rival was picked nowhere. */
  #stepFrom: Point | undefined;
  #footprint = emptyFootprint();
  readonly #asleep = new Map<number, Footprint>();
  #preemptions = 0;
  #departures = 0;

  /** @param splitDepth how many choices deep parts are handed over; 0: none are */
  constructor(
    { preemptions = Infinity, departures = Infinity }: Bounds = {},
    part: Part = wholeSpace,
    splitDepth = 0,
  ) {
    this.#bounds = { preemptions, departures };
    this.#reduces = preemptions === Infinity;
    this.#part = part;
    this.#fullAbove = splitDepth;
  }

  /** The ways that the run took. */
  get choices(): number[] {
    return this.#path.slice(0, this.#depth).map((point) => point.picked);
  }

  /** Whether a thread that could have gone on was left for another. */
  get preempted(): boolean {
    return this.#preemptions > 0;
  }

  ready(threads: readonly number[]): void {
    this.#endStep();
    this.#ready = threads;
    const [only] = threads;
    if (threads.length === 1 && only !== undefined && this.#asleep.has(only)) this.#leave();
  }

  step(thread: number): void {
    this.#running = thread;
    this.#isStepping = true;
  }

  read(what: string): void {
    if (this.#hasRivals) this.#footprint.reads.add(what);
  }

  write(what: string): void {
    if (this.#hasRivals) this.#footprint.writes.add(what);
  }

  choose(count: number, what: string): number {
    if (count <= 1) return 0;
    const point = this.#path[this.#depth] ?? this.#arrive(count, what === 'run' ? this.#ready : undefined);
    this.#depth++;
    this.#count(point);
    if (point.threads) {
      if (this.#reduces) for (const [thread, step] of point.done) this.#asleep.set(thread, step);
      this.#stepFrom = point;
      this.#hasRivals = true;
    }
    return point.picked;
  }

  /** Turns to the next run. @returns false when there is none */
  next(): boolean {
    this.#endStep();
    const fixed = this.#part.prefix.length;
    let found = false;
    while (!found && this.#path.length > fixed) {
      const point = this.#path.pop() as Point;
      const thread = point.threads?.[point.picked];
      if (thread !== undefined) point.done.set(thread, point.step);
      this.#preemptions = 0;
      this.#departures = 0;
      for (const before of this.#path) this.#count(before);
      const way = this.#nextWay(point, point.picked + 1);
      if (way === undefined) continue;
      this.#path.push(point);
      point.picked = way;
      point.step = emptyFootprint();
      this.#steps.forgetFrom(point.stepNumber);
      found = true;
    }
    this.#start();
    return found;
  }

  /**
   * Leaves everything that begins like the last run, so many choices deep, to whoever takes the part; `next` then turns to
   * what comes after it.
   */
  handOver(depth: number): Part {
    this.#endStep();
    const [kept, below] = [this.#path.slice(0, depth), this.#path[depth]];
    // What was seen of the step under way there is one run's. If it asks for choices, others may touch something else.
    if (below && !below.threads) kept.findLast((point) => point.threads)?.step.writes.add(everything);
    this.#path = kept;
    return { prefix: kept.map((point) => point.picked), done: kept.map(({ done }) => [...done].map(plain)) };
  }

  #start(): void {
    this.#depth = 0;
    this.#running = -1;
    this.#isStepping = false;
    this.#hasRivals = false;
    this.#steps.restart();
    this.#stepFrom = undefined;
    this.#footprint = emptyFootprint();
    this.#asleep.clear();
    this.#preemptions = 0;
    this.#departures = 0;
  }

  /** Comes to a place for the first time. */
  #arrive(count: number, threads: readonly number[] | undefined): Point {
    const depth = this.#depth;
    const done = (this.#part.done[depth] ?? []).map(lively);
    const isFull = !threads || !this.#reduces || depth < Math.max(this.#fullAbove, this.#part.prefix.length);
    const point: Point = {
      threads,
      count,
      asleep: new Set(this.#asleep.keys()),
      isRunning: threads?.[0] === this.#running,
      stepNumber: this.#steps.number,
      wanted: isFull ? undefined : new Set(),
      picked: 0,
      step: emptyFootprint(),
      done: new Map(done),
    };
    const way = this.#part.prefix[depth] ?? this.#firstWay(point);
    if (way === undefined) return this.#leave();
    point.picked = way;
    this.#path.push(point);
    return point;
  }

  #count({ threads, picked, isRunning }: Point): void {
    if (picked === 0) return;
    if (!threads) this.#departures++;
    else if (isRunning) this.#preemptions++;
  }

  #firstWay({ threads, asleep, wanted, done }: Point): number | undefined {
    if (!threads || !this.#reduces) return 0;
    const way = threads.findIndex((thread) => !asleep.has(thread) && !done.has(thread));
    wanted?.add(threads[way] ?? -1);
    return way < 0 ? undefined : way;
  }

  /** The next way from `from` on that is wanted, and neither asleep nor beyond the bounds. */
  #nextWay({ threads, count, asleep, isRunning, wanted, done }: Point, from: number): number | undefined {
    if (!threads) return from < count && this.#departures < this.#bounds.departures ? from : undefined;
    if (!this.#reduces) {
      const isSpent = isRunning && this.#preemptions >= this.#bounds.preemptions;
      return from < count && !isSpent ? from : undefined;
    }
    // What turned out to be wanted may stand before what was picked.
    const way = threads.findIndex(
      (thread) => !asleep.has(thread) && !done.has(thread) && (wanted === undefined || wanted.has(thread)),
    );
    return way < 0 ? undefined : way;
  }

  #endStep(): void {
    if (!this.#isStepping) return;
    this.#isStepping = false;
    if (!this.#hasRivals) return;
    const footprint = this.#footprint;
    const from = this.#stepFrom;
    this.#stepFrom = undefined;
    this.#footprint = emptyFootprint();
    if (from) join(from.step, footprint);
    if (!this.#reduces) return;
    this.#steps.add({ thread: this.#running, footprint, from }, wantAt);
    for (const [thread, step] of this.#asleep) if (conflict(step, footprint)) this.#asleep.delete(thread);
  }

  /** Only sleepers could go on. What they would do next may race with what was done, all the same. */
  #leave(): never {
    for (const [thread, footprint] of this.#asleep) {
      if (this.#ready.includes(thread)) this.#steps.race({ thread, footprint }, wantAt);
    }
    throw pruned;
  }
}

/** A thread is to be tried at a place as well; where it could not go on there, all the others, which may let it. */
function wantAt({ threads = [], wanted }: Point, thread: number): void {
  for (const each of threads.includes(thread) ? [thread] : threads) wanted?.add(each);
}

function plain([thread, { reads, writes }]: readonly [number, Footprint]): Part['done'][number][number] {
  return { thread, reads: [...reads], writes: [...writes] };
}

function lively({ thread, reads, writes }: Part['done'][number][number]): [number, Footprint] {
  return [thread, { reads: new Set(reads), writes: new Set(writes) }];
}
