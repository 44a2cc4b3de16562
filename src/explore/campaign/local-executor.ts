import type { SliceResult } from './campaign-kind.ts';
import { type Executor, type ExecutorOptions, type NamedSlice, nameSlices } from './executor.ts';
import { runSlice } from './kinds.ts';
import { realKernelBooter } from './real-kernel.ts';
import type { CampaignSpec } from './spec.ts';
import { type SliceOptions, Threads } from './threads.ts';

/** Runs slices on this machine. What is only one slice is run in this thread: another would take longer to start. */
export class LocalExecutor implements Executor {
  readonly #threads: Threads;
  readonly #say: (text: string) => void;

  /** @param say told what takes a while: what is fetched, a kernel that boots */
  constructor(threads: number, say: (text: string) => void = () => {}) {
    this.#threads = new Threads(threads);
    this.#say = say;
  }

  async run(spec: CampaignSpec, slices: readonly NamedSlice[], watch: ExecutorOptions): Promise<boolean> {
    const { deadline = Infinity } = watch;
    const open = [...slices];
    const running = new Set<Promise<void>>();
    const runs = new Map<string, number>();
    const failing = new AbortController();
    const signal = AbortSignal.any([watch.signal, failing.signal]);
    let done = 0;
    const tell = () => {
      const runsUnderWay = [...runs.values()].reduce((sum, each) => sum + each, 0);
      watch.onProgress?.({ slices: { done, open: open.length + runs.size }, runsUnderWay });
    };
    const runOne = async ({ name, slice }: NamedSlice) => {
      runs.set(name, 0);
      const onRuns = (number: number) => {
        runs.set(name, number);
        tell();
      };
      const isOnly = open.length === 0 && runs.size === 1;
      const { outcome, nextSlices } = await this.#runSlice(spec, slice, isOnly, {
        signal,
        onRuns,
        onLog: this.#say,
        deadline,
      });
      runs.delete(name);
      done++;
      watch.onOutcome(name, outcome);
      open.push(...nameSlices(nextSlices, name));
      tell();
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
      // What the others hold is put away before this ends.
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
