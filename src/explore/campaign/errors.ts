import { InputError, type Where } from '../../devicetree/index.ts';

/** Something that a campaign on many machines needs is missing: its Redis, its workers. */
export class CampaignError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'CampaignError';
    this.hint = hint;
  }
}

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

/** The error again, of its class, so that it is told as if it had been thrown here. */
export async function fromPlainError({ name, message, hint, where, stack }: PlainError): Promise<Error> {
  if (name === 'InputError') return new InputError(message, where, hint === undefined ? {} : { hint });
  if (name === 'LabError') {
    const { LabError } = await import('../../lab/index.ts');
    return new LabError(message, hint);
  }
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
