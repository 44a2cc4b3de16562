import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import type { Tinypool } from 'tinypool';
import { EnvironmentError } from '../../base/index.ts';
import type { SliceResult } from './campaign-kind.ts';
import { fromPlainError } from './errors.ts';
import { type CampaignSpec, realKernelOf } from './spec.ts';
import type { Task, TaskResult, ThreadMessage } from './thread.ts';

/** How one slice reports, and when it stops. */
export interface SliceOptions {
  readonly signal: AbortSignal;
  readonly deadline?: number;
  onRuns?(runs: number): void;
  onLog?(text: string): void;
}

/** A pool of threads that run slices. A QEMU guest is a separate process, not a thread. */
export class Threads {
  readonly count: number;
  #pool: Tinypool | undefined;

  constructor(count: number) {
    this.count = count;
  }

  /** Runs a slice when a thread is free. @throws what the slice throws, or the reason of the signal */
  async run(
    spec: CampaignSpec,
    slice: unknown,
    { signal, deadline, onRuns, onLog }: SliceOptions,
  ): Promise<SliceResult> {
    signal.throwIfAborted();
    const pool = await this.#start();
    const { port1: here, port2: port } = new MessageChannel();
    here.on('message', (message: ThreadMessage) =>
      'runs' in message ? onRuns?.(message.runs) : onLog?.(message.text),
    );
    const stop = () => here.postMessage('stop');
    signal.addEventListener('abort', stop, { once: true });
    const task: Task = { spec, slice, port, ...(deadline !== undefined && { deadline }) };
    try {
      // A thread with a guest gets a message, so that it can shut the guest down. A thread that only computes is terminated.
      const run = pool.run(task, { transferList: [port], ...(realKernelOf(spec) ? {} : { signal }) });
      const ended = (await run) as TaskResult;
      signal.throwIfAborted();
      if ('error' in ended) throw fromPlainError(ended.error);
      return ended.done;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      here.close();
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }

  async #start(): Promise<Tinypool> {
    if (this.#pool) return this.#pool;
    const { default: Tinypool } = await import('tinypool');
    const filename = fileURLToPath(new URL('./thread.js', import.meta.url));
    if (!existsSync(filename)) throw new EnvironmentError('threads need the built package', 'npm run build');
    this.#pool ??= new Tinypool({
      filename,
      runtime: 'worker_threads',
      minThreads: this.count,
      maxThreads: this.count,
      isolateWorkers: false,
    });
    return this.#pool;
  }
}
