import { EnvironmentError, InputError, type Where } from '../../base/index.ts';

/** An error as plain data: threads and queues do not preserve classes. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly where?: Where;
  readonly stack?: string;
}

/** The inverse of `fromPlainError`. */
export function toPlainError(error: unknown): PlainError {
  const { name, message, hint, where, stack } = error as Error & { hint?: string; where?: Where };
  return {
    name,
    message,
    ...(hint !== undefined && { hint }),
    ...(where && { where }),
    ...(stack !== undefined && { stack }),
  };
}

/** Restores an error of its original class, so that commands report it like an error of this process. */
export function fromPlainError({ name, message, hint, where, stack }: PlainError): Error {
  if (name === 'InputError') return new InputError(message, where, hint === undefined ? {} : { hint });
  if (name === 'EnvironmentError') return new EnvironmentError(message, hint);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
