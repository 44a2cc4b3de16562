import { setMaxListeners } from 'node:events';
import type { Paint } from '../report/index.ts';

/** Tells what takes a while, on standard error, and only where somebody watches. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

/** Milliseconds between two states of a line that is written over. */
const REFRESH_INTERVAL = 200;

/** Milliseconds between two lines where nothing is written over, as in the log of a build. */
const LOG_INTERVAL = 60_000;

/** A line on standard error that is written over while something goes on; where that cannot be, a line now and then. */
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
 * A signal that is raised when the user interrupts, so that guests and folders are put away before the command ends. A
 * second interruption ends it at once.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  // Each guest of a command listens, and there may be many one after the other.
  setMaxListeners(0, controller.signal);
  const stop = (signal: NodeJS.Signals) => {
    process.exitCode = 128 + (signal === 'SIGINT' ? 2 : 15);
    controller.abort(new Interrupted());
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}

/** The user stopped the command; nothing to report. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Colours where standard output is a terminal that wants them. Of its own picocolors also colours what a build captures
 * (`CI` in the environment), where nobody asked for it.
 */
export async function painter(): Promise<Paint> {
  const { createColors } = (await import('picocolors')).default;
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isTerminal = process.stdout.isTTY === true && TERM !== 'dumb';
  return createColors(!NO_COLOR && (FORCE_COLOR !== undefined && FORCE_COLOR !== '0' ? true : isTerminal));
}
