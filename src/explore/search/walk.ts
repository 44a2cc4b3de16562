import type { Chooser } from '../../choice/index.ts';
import type { Blocked, StepWatcher } from '../../kernel/index.ts';
import type { ChoicePoint } from './choice-point.ts';
import { addFootprint, conflict, emptyFootprint, type Footprint, Names } from './footprint.ts';
import { type Part, type PartPoint, wholeSpace } from './part.ts';
import { splitRest } from './split.ts';
import { Steps } from './steps.ts';

/** How far a search goes; absent: all the way. */
export interface Bounds {
  /**
   * How often a thread that could go on may be left for another. With such a bound no order is taken for another: what
   * stands for it might be beyond the bound.
   */
  readonly preemptions?: number;
  /** How often firmware may leave its plain way: another order, another cut, a fault. */
  readonly deviations?: number;
}

/** Thrown through the run: all that could follow was seen in another order. */
export class Pruned extends Error {
  constructor() {
    super('seen in another order');
    this.name = 'Pruned';
  }
}

/** The same for all, since it has nothing to tell and many runs are left. */
const PRUNED = new Pruned();

/**
 * Goes through every run, one after the other, depth first, each from its start; it is the chooser and the watcher of each.
 *
 * Orders of steps that commute are one run. Two threads are tried in both orders only where their steps race, which is
 * found out from runs (dynamic partial-order reduction: Flanagan and Godefroid, POPL 2005; which thread is tried then:
 * Abdulla, Aronis, Jonsson and Sagonas, POPL 2014). A thread whose next step was tried before at a place, and has nothing to
 * do with what was done since, is asleep; a run in which only sleepers could go on was seen in another order, and is left
 * (sleep sets: Godefroid, LNCS 1032, chapter 5).
 *
 * ```ts
 * const walk = new Walk(bounds);
 * do run(walk); while (walk.next());
 * ```
 */
export class Walk implements Chooser, StepWatcher {
  readonly #bounds: Required<Bounds>;
  /** How many places of a run are those of the part, from which it does not go another way. */
  readonly #fixed: number;
  /** What is known of places before the first run comes to them. */
  #known: readonly PartPoint[];
  /** Whether the first run takes another way at the last of those. */
  readonly #turns: boolean;
  /** Whether orders are left out at all. */
  readonly #reduces: boolean;
  readonly #names = new Names();
  readonly #steps = new Steps<ChoicePoint>();
  readonly #path: ChoicePoint[] = [];
  #depth = 0;
  #ready: readonly number[] = [];
  #blocked: () => readonly Blocked[] = () => [];
  #running = -1;
  #isStepping = false;
  /**
   * Whether a thread was picked among rivals in this run. What was done before is followed by all that comes after, so
   * nobody needs to know what it touched.
   */
  #hasRivals = false;
  /** Where the step under way was picked; that of a thread without rival was picked nowhere. */
  #stepFrom: ChoicePoint | undefined;
  /** Whether what the step under way touches is to be gathered: it is known of steps that runs share. */
  #isGathering = false;
  #footprint = emptyFootprint();
  readonly #asleep = new Map<number, Footprint>();
  #preemptions = 0;
  #deviations = 0;

  constructor({ preemptions = Infinity, deviations = Infinity }: Bounds = {}, part: Part = wholeSpace) {
    this.#bounds = { preemptions, deviations };
    this.#reduces = preemptions === Infinity;
    this.#fixed = part.fixed;
    this.#known = part.path;
    this.#turns = part.skipsPicked ?? false;
  }

  /** The ways that the run took. */
  get choices(): number[] {
    return this.#path.slice(0, this.#depth).map((point) => point.picked);
  }

  /** Whether a thread that could have gone on was left for another. */
  get preempted(): boolean {
    return this.#preemptions > 0;
  }

  ready(threads: readonly number[], blocked: () => readonly Blocked[]): void {
    this.#endStep();
    this.#ready = threads;
    this.#blocked = blocked;
    const [only] = threads;
    if (only === undefined) this.#raceBlocked();
    else if (threads.length === 1 && this.#asleep.has(only)) this.#leave();
  }

  step(thread: number): void {
    this.#running = thread;
    this.#isStepping = true;
    this.#isGathering = this.#hasRivals && !this.#steps.known;
  }

  read(what: string): void {
    if (this.#isGathering) this.#names.add(this.#footprint.reads, what);
  }

  write(what: string): void {
    if (this.#isGathering) this.#names.add(this.#footprint.writes, what);
  }

  free(what: string): void {
    if (this.#isGathering) this.#names.add(this.#footprint.frees, what);
  }

  choose(count: number, what: string): number {
    if (count <= 1) return 0;
    const point = this.#path[this.#depth] ?? this.#arrive(count, what === 'run' ? this.#ready : undefined);
    this.#depth++;
    this.#count(point, 1);
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
    this.#known = [];
    let found = false;
    this.#preemptions = 0;
    this.#deviations = 0;
    for (const point of this.#path) this.#count(point, 1);
    while (!found && this.#path.length > this.#fixed) {
      const point = this.#path.pop() as ChoicePoint;
      this.#count(point, -1);
      const thread = point.threads?.[point.picked];
      if (thread !== undefined) point.done.set(thread, point.step);
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

  /** Leaves the run that `next` turned to, and all that comes after it, to others, in at most so many parts: see `cut`. */
  handOverRest(enough: number): Part[] {
    const [path, fixed, names] = [this.#path, this.#fixed, this.#names];
    return splitRest({ path, fixed, names, ways: this.#waysLeft() }, enough);
  }

  /** How many ways from each place are still to be tried, if all are. */
  #waysLeft(): number[] {
    let [deviations, preemptions] = [0, 0];
    return this.#path.map(({ threads, count, picked, sleeping, done, isRunning }, at) => {
      const others = count - picked - 1;
      let left: number;
      if (!threads) left = deviations < this.#bounds.deviations ? others : 0;
      else if (!this.#reduces) left = isRunning && preemptions >= this.#bounds.preemptions ? 0 : others;
      else left = threads.filter((thread) => !sleeping.has(thread) && !done.has(thread)).length - 1;
      if (picked !== 0 && !threads) deviations++;
      else if (picked !== 0 && isRunning) preemptions++;
      return at < this.#fixed ? 0 : left;
    });
  }

  #start(): void {
    this.#depth = 0;
    this.#running = -1;
    this.#isStepping = false;
    this.#isGathering = false;
    this.#hasRivals = false;
    this.#steps.restart();
    this.#stepFrom = undefined;
    this.#footprint = emptyFootprint();
    this.#asleep.clear();
    this.#preemptions = 0;
    this.#deviations = 0;
  }

  /** Comes to a place for the first time. */
  #arrive(count: number, threads: readonly number[] | undefined): ChoicePoint {
    const depth = this.#depth;
    const place = this.#known[depth];
    const isFull = !threads || !this.#reduces || depth < this.#fixed || (place && !place.backtrack);
    const point: ChoicePoint = {
      threads,
      count,
      sleeping: new Set(this.#asleep.keys()),
      isRunning: threads?.[0] === this.#running,
      stepNumber: this.#steps.number,
      backtrack: isFull ? undefined : new Set(place?.backtrack),
      picked: 0,
      step: place?.step ? this.#names.toFootprint(place.step) : emptyFootprint(),
      done: new Map(place?.done.map((step) => [step.thread, this.#names.toFootprint(step)])),
    };
    const isTurn = place && this.#turns && depth === this.#known.length - 1;
    const way = isTurn ? this.#nextWay(point, place.picked + 1) : (place?.picked ?? this.#firstWay(point));
    if (way === undefined) return this.#leave();
    point.picked = way;
    this.#path.push(point);
    return point;
  }

  /** Counts a place's way among those that are off the plain one, or no longer. */
  #count({ threads, picked, isRunning }: ChoicePoint, times: 1 | -1): void {
    if (picked === 0) return;
    if (!threads) this.#deviations += times;
    else if (isRunning) this.#preemptions += times;
  }

  #firstWay({ threads, sleeping, backtrack, done }: ChoicePoint): number | undefined {
    if (!threads || !this.#reduces) return 0;
    const way = threads.findIndex((thread) => !sleeping.has(thread) && !done.has(thread));
    backtrack?.add(threads[way] ?? -1);
    return way < 0 ? undefined : way;
  }

  /** The next way from `from` on that is wanted, and neither asleep nor beyond the bounds. */
  #nextWay(
    { threads, count, sleeping, isRunning, backtrack, done }: ChoicePoint,
    from: number,
  ): number | undefined {
    if (!threads) return from < count && this.#deviations < this.#bounds.deviations ? from : undefined;
    if (!this.#reduces) {
      const isSpent = isRunning && this.#preemptions >= this.#bounds.preemptions;
      return from < count && !isSpent ? from : undefined;
    }
    // What turned out to be wanted may stand before what was picked.
    const way = threads.findIndex(
      (thread) =>
        !sleeping.has(thread) && !done.has(thread) && (backtrack === undefined || backtrack.has(thread)),
    );
    return way < 0 ? undefined : way;
  }

  #endStep(): void {
    if (!this.#isStepping) return;
    this.#isStepping = false;
    if (!this.#hasRivals) return;
    const from = this.#stepFrom;
    this.#stepFrom = undefined;
    const { known } = this.#steps;
    const footprint = known ?? this.#footprint;
    if (known) this.#steps.pass();
    else {
      this.#footprint = emptyFootprint();
      if (from) addFootprint(from.step, footprint);
      if (!this.#reduces) return;
      this.#steps.add({ thread: this.#running, footprint, from }, addBacktrack);
    }
    // A step that only frees something wakes no thread. A sleeping thread could take its step where it fell asleep, so all that
    // the step takes was free there. The thread that frees it now took it since then, and that step was in conflict.
    for (const [thread, step] of this.#asleep) if (conflict(step, footprint)) this.#asleep.delete(thread);
  }

  /** Only sleepers could go on: what comes now was seen in another order. */
  #leave(): never {
    this.#raceBlocked();
    throw PRUNED;
  }

  /** Those that wait where nobody goes on any more would have gone on if they had come before those that they wait for. */
  #raceBlocked(): void {
    if (!this.#reduces || !this.#hasRivals) return;
    for (const { thread, what } of this.#blocked()) {
      const footprint = emptyFootprint();
      this.#names.add(footprint.writes, what);
      this.#steps.race({ thread, footprint }, addBacktrack);
    }
  }
}

/** One of the threads is to be tried at a place as well, if any of them could go on there. */
function addBacktrack({ threads, backtrack }: ChoicePoint, firsts: readonly number[]): void {
  if (!backtrack || firsts.some((thread) => backtrack.has(thread))) return;
  const first = firsts.find((thread) => threads?.includes(thread));
  if (first !== undefined) backtrack.add(first);
}
