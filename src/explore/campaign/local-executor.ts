import type { SliceResult } from './campaign-kind.ts';
import { type Executor, type ExecutorOptions, type NamedSlice, nameSlices } from './executor.ts';
import { runSlice } from './kinds.ts';
import { realKernelBooter } from './real-kernel.ts';
import type { CampaignSpec } from './spec.ts';
import { type SliceOptions, Threads } from './threads.ts';

/** Runs slices on threads of this machine. A single slice runs in this thread, because starting another takes longer. */
export class LocalExecutor implements Executor {
  readonly #threads: Threads;
  readonly #log: (text: string) => void;

  /**
   * @param threads number of slices that run at the same time
   * @param log     called with a line for each long operation, such as a download or the boot of a kernel
   */
  constructor(threads: number, log: (text: string) => void = () => {}) {
    this.#threads = new Threads(threads);
    this.#log = log;
  }

  async run(spec: CampaignSpec, slices: readonly NamedSlice[], watch: ExecutorOptions): Promise<boolean> {
    const { deadline = Infinity } = watch;
    const open = [...slices];
    const running = new Set<Promise<void>>();
    const runs = new Map<string, number>();
    const failing = new AbortController();
    const signal = AbortSignal.any([watch.signal, failing.signal]);
    let done = 0;
    const report = () => {
      const runsUnderWay = [...runs.values()].reduce((sum, each) => sum + each, 0);
      watch.onProgress?.({ slices: { done, open: open.length + runs.size }, runsUnderWay });
    };
    const runOne = async ({ name, slice }: NamedSlice) => {
      runs.set(name, 0);
      const onRuns = (number: number) => {
        runs.set(name, number);
        report();
      };
      const isOnly = open.length === 0 && runs.size === 1;
      const { outcome, nextSlices } = await this.#runSlice(spec, slice, isOnly, {
        signal,
        onRuns,
        onLog: this.#log,
        deadline,
      });
      runs.delete(name);
      done++;
      watch.onOutcome(name, outcome);
      open.push(...nameSlices(nextSlices, name));
      report();
    };
    const isTime = () => Date.now() < deadline;
    try {
      while ((open.length > 0 && isTime()) || running.size > 0) {
        while (running.size < this.#threads.count && isTime()) {
          const next = open.shift();
          if (!next) break;
          const run = runOne(next).finally(() => running.delete(run));
          running.add(run);
        }
        await Promise.race(running);
      }
    } catch (error) {
      // The other slices release their guests before this ends.
      failing.abort(error);
      await Promise.allSettled(running);
      throw error;
    }
    return open.length === 0;
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  #runSlice(
    spec: CampaignSpec,
    slice: unknown,
    isOnly: boolean,
    watch: Required<SliceOptions>,
  ): Promise<SliceResult> {
    if (this.#threads.count > 1 && !isOnly) return this.#threads.run(spec, slice, watch);
    const { signal, deadline, onRuns, onLog } = watch;
    signal.throwIfAborted();
    return runSlice(spec, slice, {
      shouldContinue(runs) {
        onRuns(runs);
        return Date.now() < deadline && !signal.aborted;
      },
      boot: realKernelBooter(signal, onLog),
    });
  }
}
