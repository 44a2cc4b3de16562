import { setMaxListeners } from 'node:events';
import type { Paint } from '../report/index.ts';

/** Prints the current step of a long operation on standard error, if that is a terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

/** Milliseconds between two updates of a progress line on a terminal. */
const REFRESH_INTERVAL = 200;

/** Milliseconds between two progress lines in a log, such as that of a CI job. */
const LOG_INTERVAL = 60_000;

/** A progress line on standard error: overwritten in place on a terminal, printed once a minute elsewhere. */
export function progressLine(): { show(text: () => string): void; end(): void } {
  const { stderr } = process;
  let last = performance.now();
  let isShown = false;
  const write = (text: string) => stderr.write(stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  return {
    show(text) {
      if (performance.now() - last < (stderr.isTTY ? REFRESH_INTERVAL : LOG_INTERVAL)) return;
      last = performance.now();
      isShown = stderr.isTTY;
      write(text());
    },
    end() {
      if (isShown) write('');
    },
  };
}

/**
 * A signal that is aborted on SIGINT or SIGTERM, so that the command stops its guests and removes its folders before it
 * ends. A second SIGINT or SIGTERM ends the process immediately.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  // Each guest adds a listener, and a command may boot many guests one after another.
  setMaxListeners(0, controller.signal);
  const stop = (signal: NodeJS.Signals) => {
    process.exitCode = 128 + (signal === 'SIGINT' ? 2 : 15);
    controller.abort(new Interrupted());
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}

/** The user stopped the command, so there is no error to report. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Colours if standard output is a terminal that supports them, or as NO_COLOR and FORCE_COLOR say. picocolors' own check
 * is not used: it also colours output when `CI` is set.
 */
export async function painter(): Promise<Paint> {
  const { createColors } = (await import('picocolors')).default;
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isTerminal = process.stdout.isTTY === true && TERM !== 'dumb';
  return createColors(!NO_COLOR && (FORCE_COLOR !== undefined && FORCE_COLOR !== '0' ? true : isTerminal));
}
