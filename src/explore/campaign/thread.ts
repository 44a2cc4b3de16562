import type { MessagePort } from 'node:worker_threads';
import type { SliceResult } from './campaign-kind.ts';
import { type PlainError, toPlainError } from './errors.ts';
import { runSlice } from './kinds.ts';
import { realKernelBooter } from './real-kernel.ts';
import type { CampaignSpec } from './spec.ts';

/** The input of a thread. */
export interface Task {
  readonly spec: CampaignSpec;
  readonly slice: unknown;
  readonly deadline?: number;
  /** Carries progress to the caller; any message from the caller stops the slice. */
  readonly port: MessagePort;
}

/** A message of a thread while its slice runs: runs so far, or a line to log. */
export type ThreadMessage = { readonly runs: number } | { readonly text: string };

/** The output of a thread: the result of its slice, or its error. */
export type TaskResult = { readonly done: SliceResult } | { readonly error: PlainError };

/** Minimum time between two messages about runs. */
const PROGRESS_INTERVAL_MS = 200;

/** Entry point of a thread: runs one slice. */
export default async function runTask({ spec, slice, deadline = Infinity, port }: Task): Promise<TaskResult> {
  const controller = new AbortController();
  const send = (message: ThreadMessage) => port.postMessage(message);
  port.once('message', () => controller.abort(new Error('stopped')));
  let lastSent = 0;
  try {
    const done = await runSlice(spec, slice, {
      shouldContinue(runs) {
        const now = Date.now();
        if (now - lastSent >= PROGRESS_INTERVAL_MS) {
          lastSent = now;
          send({ runs });
        }
        return now < deadline && !controller.signal.aborted;
      },
      boot: realKernelBooter(controller.signal, (text) => send({ text })),
    });
    return { done };
  } catch (error) {
    return { error: toPlainError(error) };
  } finally {
    port.close();
  }
}
