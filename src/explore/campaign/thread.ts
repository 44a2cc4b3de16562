import type { MessagePort } from 'node:worker_threads';
import type { Ask } from './ask.ts';
import { type PlainError, toPlainError } from './errors.ts';
import { guests } from './guests.ts';
import type { Done } from './kind.ts';
import { runSlice } from './kinds.ts';

/** What a thread is given. */
export interface Task {
  readonly ask: Ask;
  readonly slice: unknown;
  readonly deadline?: number;
  /** Takes what is told while it goes on; a word from the other end ends it. */
  readonly port: MessagePort;
}

/** What is told while a slice is run. */
export type Word = { readonly runs: number } | { readonly says: string };

export type Ended = { readonly done: Done } | { readonly error: PlainError };

/** Milliseconds between two words about runs. */
const beat = 200;

/** The entry of a thread: runs one slice. */
export default async function runTask({ ask, slice, deadline = Infinity, port }: Task): Promise<Ended> {
  const controller = new AbortController();
  const say = (word: Word) => port.postMessage(word);
  port.once('message', () => controller.abort(new Error('stopped')));
  let told = 0;
  try {
    const done = await runSlice(ask, slice, {
      goOn(runs) {
        const now = Date.now();
        if (now - told >= beat) {
          told = now;
          say({ runs });
        }
        return now < deadline && !controller.signal.aborted;
      },
      boot: guests(controller.signal, (says) => say({ says })),
    });
    return { done };
  } catch (error) {
    return { error: toPlainError(error) };
  } finally {
    port.close();
  }
}
