import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { SliceResult } from '../campaign-kind.ts';
import { toPlainError } from '../errors.ts';
import { nameSlices } from '../executor.ts';
import type { CampaignSpec } from '../spec.ts';
import { Threads } from '../threads.ts';
import { enqueueSlices, type JobData, KEY_PREFIX, type Needs, openQueue, queueName } from './jobs.ts';
import { Registry } from './registry.ts';

/** What a worker needs to run. */
export interface WorkerOptions {
  readonly redis: Redis;
  readonly build: string;
  /** Slices that run at the same time. */
  readonly threads: number;
  /** The kinds of slices that this machine can run. */
  readonly needs: readonly Needs[];
  /** Called with a line for each slice that ends. */
  readonly log: (text: string) => void;
}

/** Time after which a dead worker loses its slice, and other workers can take it. */
const LOCK_DURATION_MS = 10_000;
const STALLED_CHECK_INTERVAL_MS = 5000;

/** Specs that a worker holds: each has the trees of its campaign. */
const MAX_SPECS = 16;

/** Milliseconds between two progress reports about a slice under way. */
const PROGRESS_INTERVAL_MS = 1000;

/** Takes slices from the queues of its build and runs them, until it is closed. */
export class SliceWorker {
  readonly #options: WorkerOptions;
  readonly #threads: Threads;
  readonly #registry: Registry;
  readonly #workers: readonly Worker<JobData, SliceResult | null>[];
  readonly #specs = new Map<string, CampaignSpec>();
  readonly #leaving = new AbortController();

  constructor(options: WorkerOptions) {
    const { redis, build, threads, needs } = options;
    this.#options = options;
    this.#threads = new Threads(threads);
    this.#registry = new Registry(redis);
    this.#workers = needs.map((need) => {
      const queue = openQueue(redis, build, need);
      const worker = new Worker<JobData, SliceResult | null>(
        queueName(build, need),
        async (job) => {
          const done = await this.#run(job);
          // Before the result is stored: if this worker dies between the two, the slice runs again and nothing is lost.
          if (done) await enqueueSlices(queue, job.data.campaign, nameSlices(done.nextSlices, job.data.name));
          return done;
        },
        {
          connection: redis,
          prefix: KEY_PREFIX,
          concurrency: threads,
          lockDuration: LOCK_DURATION_MS,
          stalledInterval: STALLED_CHECK_INTERVAL_MS,
          // A slice is not the cause when its workers are killed.
          maxStalledCount: Number.MAX_SAFE_INTEGER,
        },
      );
      worker.on('error', () => {});
      worker.on('closed', () => void queue.close());
      return worker;
    });
  }

  /** Finishes the current slices, and takes no new ones. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    await this.#threads.close();
  }

  /** Returns the current slices to the queue. */
  async leave(): Promise<void> {
    this.#leaving.abort(new Error('left'));
    await Promise.all(this.#workers.map((worker) => worker.close(true)));
    await this.#threads.close();
  }

  /** @returns null when its campaign was cancelled or removed */
  async #run(job: Job<JobData>): Promise<SliceResult | null> {
    const { campaign, name, slice } = job.data;
    if (!(await this.#registry.isOpen(campaign))) return null;
    const spec = await this.#specOf(campaign);
    const start = performance.now();
    let lastReport = start;
    try {
      const done = await this.#threads.run(spec, slice, {
        signal: this.#leaving.signal,
        onLog: this.#options.log,
        onRuns(runs) {
          if (performance.now() - lastReport < PROGRESS_INTERVAL_MS) return;
          lastReport = performance.now();
          job.updateProgress(runs).catch(() => {});
        },
      });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      this.#options.log(`${campaign} slice ${name}: done in ${seconds} s`);
      return done;
    } catch (error) {
      // The lock expires, and another worker takes the slice.
      if (this.#leaving.signal.aborted) return new Promise(() => {});
      const plain = toPlainError(error);
      this.#options.log(`${campaign} slice ${name}: ${plain.message}`);
      const text = JSON.stringify(plain);
      // Another machine may have what this one lacks. Any other error would occur on every machine.
      throw plain.name === 'EnvironmentError' ? new Error(text) : new UnrecoverableError(text);
    }
  }

  async #specOf(id: string): Promise<CampaignSpec> {
    const known = this.#specs.get(id);
    if (known) return known;
    const { spec } = await this.#registry.get(id);
    if (this.#specs.size === MAX_SPECS) this.#specs.clear();
    this.#specs.set(id, spec);
    return spec;
  }
}
