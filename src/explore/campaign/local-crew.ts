import type { Ask } from './ask.ts';
import { type Crew, type NamedSlice, named, type Watch } from './crew.ts';
import { guests } from './guests.ts';
import type { Done } from './kind.ts';
import { runSlice } from './kinds.ts';
import { type SliceWatch, Threads } from './threads.ts';

/** Runs slices on this machine. What is only one slice is run in this thread: another would take longer to start. */
export class LocalCrew implements Crew {
  readonly #threads: Threads;
  readonly #say: (text: string) => void;

  /** @param say told what takes a while: what is fetched, a kernel that boots */
  constructor(threads: number, say: (text: string) => void = () => {}) {
    this.#threads = new Threads(threads);
    this.#say = say;
  }

  async run(ask: Ask, slices: readonly NamedSlice[], watch: Watch): Promise<boolean> {
    const { deadline = Infinity } = watch;
    const open = [...slices];
    const running = new Set<Promise<void>>();
    const runs = new Map<string, number>();
    const failing = new AbortController();
    const signal = AbortSignal.any([watch.signal, failing.signal]);
    let done = 0;
    const tell = () => {
      const runsUnderWay = [...runs.values()].reduce((sum, each) => sum + each, 0);
      watch.onNews?.({ slices: { done, open: open.length + runs.size }, runsUnderWay });
    };
    const runOne = async ({ name, slice }: NamedSlice) => {
      runs.set(name, 0);
      const onRuns = (number: number) => {
        runs.set(name, number);
        tell();
      };
      const isOnly = open.length === 0 && runs.size === 1;
      const { outcome, further } = await this.#runSlice(ask, slice, isOnly, {
        signal,
        onRuns,
        onSays: this.#say,
        deadline,
      });
      runs.delete(name);
      done++;
      watch.onOutcome(name, outcome);
      open.push(...named(further, name));
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

  #runSlice(ask: Ask, slice: unknown, isOnly: boolean, watch: Required<SliceWatch>): Promise<Done> {
    if (this.#threads.count > 1 && !isOnly) return this.#threads.run(ask, slice, watch);
    const { signal, deadline, onRuns, onSays } = watch;
    signal.throwIfAborted();
    return runSlice(ask, slice, {
      goOn(runs) {
        onRuns(runs);
        return Date.now() < deadline && !signal.aborted;
      },
      boot: guests(signal, onSays),
    });
  }
}
