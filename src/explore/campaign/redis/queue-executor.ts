import { type Job, type Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { EnvironmentError } from '../../../base/index.ts';
import type { SliceResult } from '../campaign-kind.ts';
import { fromPlainError, type PlainError } from '../errors.ts';
import { type Executor, type ExecutorOptions, type NamedSlice, nameSlices } from '../executor.ts';
import type { CampaignSpec } from '../spec.ts';
import { disconnect } from './connection.ts';
import { enqueueSlices, type JobData, jobId, KEY_PREFIX, needsOf, openQueue, queueName } from './jobs.ts';
import { Registry } from './registry.ts';

/** Time after which every open slice is checked, in case the event of its end was lost. */
const SWEEP_INTERVAL_MS = 3000;
/** Jobs that are fetched at the same time. */
const JOBS_PER_REQUEST = 100;

/**
 * Runs slices on workers that take them from a queue. All state is in Redis: the same command, repeated on any machine, finds
 * what was done meanwhile.
 */
export class QueueExecutor implements Executor {
  readonly #redis: Redis;
  readonly #build: string;
  readonly #command: string;
  readonly #onCampaign: (id: string) => void;

  /**
   * @param command    the command line, for `campaign status`
   * @param onCampaign called with the id when the campaign is stored
   */
  constructor(redis: Redis, build: string, command: string, onCampaign: (id: string) => void = () => {}) {
    this.#redis = redis;
    this.#build = build;
    this.#command = command;
    this.#onCampaign = onCampaign;
  }

  async run(spec: CampaignSpec, slices: readonly NamedSlice[], watch: ExecutorOptions): Promise<boolean> {
    const registry = new Registry(this.#redis);
    const id = await registry.open(this.#build, spec, this.#command);
    const queue = openQueue(this.#redis, this.#build, needsOf(spec));
    const events = new QueueEvents(queueName(this.#build, needsOf(spec)), {
      connection: this.#redis,
      prefix: KEY_PREFIX,
    });
    events.on('error', () => {});
    const ended = new JobEvents(watch.signal);
    events.on('completed', (event) => ended.add(event.jobId));
    events.on('failed', (event) => ended.add(event.jobId));
    try {
      await enqueueSlices(queue, id, slices);
      // Only now: a caller that knows the id may end this command immediately.
      this.#onCampaign(id);
      return await collect(queue, id, slices, watch, ended, registry);
    } finally {
      await Promise.all([events.close(), queue.close()]);
    }
  }

  async close(): Promise<void> {
    disconnect(this.#redis);
  }
}

async function collect(
  queue: Queue<JobData>,
  id: string,
  slices: readonly NamedSlice[],
  { onOutcome, onProgress, signal, deadline = Infinity }: ExecutorOptions,
  ended: JobEvents,
  registry: Registry,
): Promise<boolean> {
  const since = Date.now();
  const open = new Map(slices.map(({ name, slice }) => [name, slice]));
  const runs = new Map<string, number>();
  let done = 0;
  let workers = await queue.getWorkersCount();
  let names: readonly string[] = [...open.keys()];
  for (;;) {
    const looked = await look(names);
    const runsUnderWay = [...runs.values()].reduce((sum, each) => sum + each, 0);
    onProgress?.({ slices: { done, open: open.size }, runsUnderWay, workers });
    if (open.size === 0) return true;
    if (Date.now() >= deadline) return false;
    // Slices that came from a result may be done already.
    if (looked.length > 0) names = looked;
    else {
      const rung = await ended.wait(SWEEP_INTERVAL_MS);
      signal.throwIfAborted();
      if (rung.length === 0) {
        workers = await queue.getWorkersCount();
        if (!(await registry.isOpen(id)))
          throw new EnvironmentError(`campaign ${id} was cancelled`, 'spec again to take it up again');
      }
      const mine = `${id}-`;
      names =
        rung.length === 0
          ? [...open.keys()]
          : rung.filter((job) => job.startsWith(mine)).map((job) => job.slice(mine.length));
    }
  }

  /** Takes the results of slices that are done. @returns the names of the slices that came from them */
  async function look(some: readonly string[]): Promise<readonly string[]> {
    const further: NamedSlice[] = [];
    const lost: NamedSlice[] = [];
    for (let at = 0; at < some.length; at += JOBS_PER_REQUEST) {
      const these = some.slice(at, at + JOBS_PER_REQUEST).filter((name) => open.has(name));
      const jobs = await Promise.all(these.map((name) => queue.getJob(jobId(id, name))));
      for (const [index, name] of these.entries()) {
        const job = jobs[index];
        if (!job) lost.push({ name, slice: open.get(name) });
        else if (job.returnvalue) take(name, job.returnvalue as SliceResult, further);
        else if (job.finishedOn !== undefined) await again(job);
        else if (typeof job.progress === 'number') runs.set(name, job.progress);
      }
    }
    // A Redis that was killed may have lost the jobs of its last second. Existing jobs are not changed.
    await enqueueSlices(queue, id, [...lost, ...further]);
    return further.map(({ name }) => name);
  }

  function take(name: string, { outcome, nextSlices: slicesLeft }: SliceResult, further: NamedSlice[]): void {
    open.delete(name);
    runs.delete(name);
    done++;
    onOutcome(name, outcome);
    for (const each of nameSlices(slicesLeft, name)) {
      open.set(each.name, each.slice);
      further.push(each);
    }
  }

  /** Retries a slice that failed or was cancelled before this command started. @throws its error when it failed since */
  async function again(job: Job<JobData>): Promise<void> {
    const { failedReason, finishedOn = 0 } = job;
    if (failedReason === undefined) return job.retry('completed');
    if (finishedOn >= since) throw await errorOf(failedReason);
    return job.retry('failed');
  }
}

/** The error that a worker stored for a failed slice. */
async function errorOf(reason: string | undefined): Promise<Error> {
  try {
    return fromPlainError(JSON.parse(reason ?? '') as PlainError);
  } catch {
    return new EnvironmentError(`a slice failed: ${reason}`);
  }
}

/** Collects the ids of jobs that ended. */
class JobEvents {
  #rung: string[] = [];
  #wake = () => {};

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.#wake());
  }

  add(job: string): void {
    this.#rung.push(job);
    this.#wake();
  }

  /** Waits for jobs that ended. @returns their ids; none after `timeoutMs` milliseconds */
  async wait(timeoutMs: number): Promise<readonly string[]> {
    if (this.#rung.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#rung.splice(0);
  }
}
