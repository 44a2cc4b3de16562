import type { Chooser } from '../../choice/index.ts';
import type { Blocked, StepWatcher } from '../../kernel/index.ts';
import type { ChoicePoint } from './choice-point.ts';
import { addFootprint, conflict, emptyFootprint, type Footprint, Names } from './footprint.ts';
import { type Part, type PartPoint, wholeSpace } from './part.ts';
import { splitRest } from './split.ts';
import { Steps } from './steps.ts';

/** Bounds of a search; absent: none. */
export interface Bounds {
  /**
   * Maximum number of preemptions in a run. With a bound, partial-order reduction is off: the run that represents an order may
   * be beyond the bound.
   */
  readonly preemptions?: number;
  /** Maximum number of firmware deviations in a run: another order, another split, a fault. */
  readonly deviations?: number;
}

/** Thrown to end a run: every continuation is equivalent to an explored one. */
export class Pruned extends Error {
  constructor() {
    super('every continuation is equivalent to an explored one');
    this.name = 'Pruned';
  }
}

/** One error for all runs: it holds nothing, and many runs are pruned. */
const PRUNED = new Pruned();

/**
 * Depth-first search of all runs, each made from its start. The walk is the chooser and the step watcher of each run.
 *
 * Runs that differ only in the order of independent steps are made once. Two threads run in both orders only where their steps
 * race, which the runs show (dynamic partial-order reduction: Flanagan and Godefroid, POPL 2005; the thread to try: Abdulla,
 * Aronis, Jonsson and Sagonas, POPL 2014). A thread is in the sleep set when its next step was tried at an earlier point and is
 * independent of all steps since. A run in which only sleeping threads could continue is pruned (sleep sets: Godefroid, LNCS 1032,
 * chapter 5).
 *
 * ```ts
 * const walk = new Walk(bounds);
 * do run(walk); while (walk.next());
 * ```
 */
export class Walk implements Chooser, StepWatcher {
  readonly #bounds: Required<Bounds>;
  /** The number of leading points of each run that the part fixes. */
  readonly #fixed: number;
  /** What the part knows about the points of the first run. */
  #known: readonly PartPoint[];
  /** Whether the first run takes the next way at the last of those. */
  readonly #turns: boolean;
  /** Whether partial-order reduction is on. */
  readonly #reduces: boolean;
  readonly #names = new Names();
  readonly #steps = new Steps<ChoicePoint>();
  readonly #path: ChoicePoint[] = [];
  #depth = 0;
  #ready: readonly number[] = [];
  #blocked: () => readonly Blocked[] = () => [];
  #running = -1;
  #isStepping = false;
  /** Whether a thread was picked among several in this run. Steps before the first such pick come first in every run. */
  #hasRivals = false;
  /** The point at which the current step was picked; undefined when no other thread could continue. */
  #stepFrom: ChoicePoint | undefined;
  /** Whether the current step's footprint must be collected; it is known for steps that the previous run shares. */
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

  /** The choices of the current run. */
  get choices(): number[] {
    return this.#path.slice(0, this.#depth).map((point) => point.picked);
  }

  /** Whether the current run preempted a thread. */
  get preempted(): boolean {
    return this.#preemptions > 0;
  }

  ready(threads: readonly number[], blocked: () => readonly Blocked[]): void {
    this.#endStep();
    this.#ready = threads;
    this.#blocked = blocked;
    const [only] = threads;
    if (only === undefined) this.#raceBlocked();
    else if (threads.length === 1 && this.#asleep.has(only)) this.#prune();
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

  /** Advances to the next run. @returns false when there is none */
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

  /** Returns the next run and all later ones as at most `maxParts` parts: see `splitRest`. */
  handOverRest(maxParts: number): Part[] {
    const [path, fixed, names] = [this.#path, this.#fixed, this.#names];
    return splitRest({ path, fixed, names, ways: this.#waysLeft() }, maxParts);
  }

  /** For each point, an upper bound of the ways still to be tried. */
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

  /** Adds the choice point that the run reaches for the first time. */
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
    if (way === undefined) return this.#prune();
    point.picked = way;
    this.#path.push(point);
    return point;
  }

  /** Adds a point's deviation or preemption to the counts, or subtracts it. */
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

  /** The next way from `from` on that is in the backtrack set, not asleep, and within the bounds. */
  #nextWay(
    { threads, count, sleeping, isRunning, backtrack, done }: ChoicePoint,
    from: number,
  ): number | undefined {
    if (!threads) return from < count && this.#deviations < this.#bounds.deviations ? from : undefined;
    if (!this.#reduces) {
      const isSpent = isRunning && this.#preemptions >= this.#bounds.preemptions;
      return from < count && !isSpent ? from : undefined;
    }
    // A thread that was added to the backtrack set later may come before the picked one.
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

  /** Prunes the run: only sleeping threads could continue. */
  #prune(): never {
    this.#raceBlocked();
    throw PRUNED;
  }

  /** Reports races of threads that wait at the end of a run: they could have run before the threads that they wait for. */
  #raceBlocked(): void {
    if (!this.#reduces || !this.#hasRivals) return;
    for (const { thread, what } of this.#blocked()) {
      const footprint = emptyFootprint();
      this.#names.add(footprint.writes, what);
      this.#steps.race({ thread, footprint }, addBacktrack);
    }
  }
}

/** Adds one of the threads to the backtrack set of a point, unless it has one of them, or none could continue there. */
function addBacktrack({ threads, backtrack }: ChoicePoint, firsts: readonly number[]): void {
  if (!backtrack || firsts.some((thread) => backtrack.has(thread))) return;
  const first = firsts.find((thread) => threads?.includes(thread));
  if (first !== undefined) backtrack.add(first);
}
