import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import type { Tinypool } from 'tinypool';
import { EnvironmentError } from '../../base/index.ts';
import { type Ask, kernelOf } from './ask.ts';
import { fromPlainError } from './errors.ts';
import type { Done } from './kind.ts';
import type { Ended, Task, Word } from './thread.ts';

export interface SliceWatch {
  readonly signal: AbortSignal;
  readonly deadline?: number;
  onRuns?(runs: number): void;
  onSays?(text: string): void;
}

/** Threads that run slices. A guest of a slice that needs a real kernel is a process beside them. */
export class Threads {
  readonly count: number;
  #pool: Tinypool | undefined;

  constructor(count: number) {
    this.count = count;
  }

  /** Runs a slice when a thread is free. @throws what the slice throws, or the reason of the signal */
  async run(ask: Ask, slice: unknown, { signal, deadline, onRuns, onSays }: SliceWatch): Promise<Done> {
    signal.throwIfAborted();
    const pool = await this.#start();
    const { port1: here, port2: port } = new MessageChannel();
    here.on('message', (word: Word) => ('runs' in word ? onRuns?.(word.runs) : onSays?.(word.says)));
    const stop = () => here.postMessage('stop');
    signal.addEventListener('abort', stop, { once: true });
    const task: Task = { ask, slice, port, ...(deadline !== undefined && { deadline }) };
    try {
      // A thread that holds a guest is asked to put it away; one that only computes does not listen, and is ended.
      const run = pool.run(task, { transferList: [port], ...(kernelOf(ask) ? {} : { signal }) });
      const ended = (await run) as Ended;
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
