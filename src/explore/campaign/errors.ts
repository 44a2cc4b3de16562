import { EnvironmentError, InputError, type Where } from '../../base/index.ts';

/** An error as plain data: neither threads nor queues keep classes. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly where?: Where;
  readonly stack?: string;
}

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

/** Makes an error of the original class, so that commands report it as if it had been thrown in this process. */
export function fromPlainError({ name, message, hint, where, stack }: PlainError): Error {
  if (name === 'InputError') return new InputError(message, where, hint === undefined ? {} : { hint });
  if (name === 'EnvironmentError') return new EnvironmentError(message, hint);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
