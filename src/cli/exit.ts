import { getSystemErrorMap } from 'node:util';
import { CommanderError } from 'commander';
import { EnvironmentError, InputError, printableLines } from '../base/index.ts';
import { Interrupted } from './terminal.ts';

/** Exit statuses of every command. */
export const exit = { safe: 0, unsafe: 1, usage: 2, environment: 3, inconclusive: 4 } as const;

/** Prints what is wrong, where, and what to do on standard error, and sets the exit status. */
export function reportError(error: unknown): void {
  if (error instanceof CommanderError) {
    // Commander has printed its message. Help and version end with its status 0.
    process.exitCode = error.exitCode === 0 ? exit.safe : exit.usage;
    return;
  }
  if (error instanceof Interrupted) return;
  if (error instanceof InputError) {
    process.exitCode = exit.usage;
    process.stderr.write(`transplant: ${printableLines(place(error) + describeErrno(error.message))}\n`);
    if (error.excerpt) process.stderr.write(`${printableLines(error.excerpt).replace(/^/gm, '    ')}\n`);
    if (error.hint) process.stderr.write(`hint: ${printableLines(error.hint)}\n`);
    return;
  }
  if (error instanceof EnvironmentError) {
    process.exitCode = exit.environment;
    process.stderr.write(`transplant: ${printableLines(describeErrno(error.message))}\n`);
    if (error.hint) process.stderr.write(`hint: ${printableLines(error.hint)}\n`);
    return;
  }
  throw error;
}

function place({ message, where: { file, line, column, offset, path } }: InputError): string {
  const parts = [file ?? '', line ?? '', column ?? ''].join(':').replace(/:+$/, '');
  // A message that already names the node does not get the path again.
  const node = path === undefined || message.includes(path) ? [] : [path];
  const more = [...node, ...(offset === undefined ? [] : [`offset ${offset}`])];
  const all = [parts, ...more].filter((part) => part !== '').join(', ');
  return all === '' ? '' : `${all}: `;
}

/** Turns `cannot read: ENOENT` into `cannot read: no such file or directory`. */
function describeErrno(message: string): string {
  return message.replace(/\bE[A-Z0-9]{2,}$/, (name) => {
    const known = [...getSystemErrorMap().values()].find(([code]) => code === name);
    return known?.[1] ?? name;
  });
}
