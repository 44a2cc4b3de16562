import type { MessagePort } from 'node:worker_threads';
import type { SliceResult } from './campaign-kind.ts';
import { type PlainError, toPlainError } from './errors.ts';
import { runSlice } from './kinds.ts';
import { realKernelBooter } from './real-kernel.ts';
import type { CampaignSpec } from './spec.ts';

/** What a thread is given. */
export interface Task {
  readonly spec: CampaignSpec;
  readonly slice: unknown;
  readonly deadline?: number;
  /** Takes what is told while it goes on; a word from the other end ends it. */
  readonly port: MessagePort;
}

/** What is told while a slice is run. */
export type ThreadMessage = { readonly runs: number } | { readonly says: string };

export type TaskResult = { readonly done: SliceResult } | { readonly error: PlainError };

/** Milliseconds between two words about runs. */
const PROGRESS_INTERVAL_MS = 200;

/** The entry of a thread: runs one slice. */
export default async function runTask({ spec, slice, deadline = Infinity, port }: Task): Promise<TaskResult> {
  const controller = new AbortController();
  const say = (word: ThreadMessage) => port.postMessage(word);
  port.once('message', () => controller.abort(new Error('stopped')));
  let told = 0;
  try {
    const done = await runSlice(spec, slice, {
      shouldContinue(runs) {
        const now = Date.now();
        if (now - told >= PROGRESS_INTERVAL_MS) {
          told = now;
          say({ runs });
        }
        return now < deadline && !controller.signal.aborted;
      },
      boot: realKernelBooter(controller.signal, (says) => say({ says })),
    });
    return { done };
  } catch (error) {
    return { error: toPlainError(error) };
  } finally {
    port.close();
  }
}
