import { z } from 'zod';
import { InputError } from '../../devicetree/index.ts';
import type { Plan } from './plan.ts';

const hex = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .transform((text) => new Uint8Array(Buffer.from(text, 'hex')));

const step = z.strictObject({
  path: z.string(),
  name: z.string(),
  from: hex.nullable().transform((value) => value ?? undefined),
  to: hex.nullable().transform((value) => value ?? undefined),
  write: hex,
  warnings: z.array(z.string()),
});

const plan = z.strictObject({
  format: z.literal('transplant-plan'),
  version: z.literal(1),
  steps: z.array(step),
  unmendable: z.array(z.strictObject({ subject: z.string(), reason: z.string() })),
  leftAlone: z.array(z.string()),
  obstacles: z.array(z.string()),
});

/** A plan as plain JSON: bytes are lower-case hex, a property that is not there is null. */
export function planToJson({ steps, unmendable, leftAlone, obstacles }: Plan): z.input<typeof plan> {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const orNull = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : text(bytes));
  return {
    format: 'transplant-plan',
    version: 1,
    steps: steps.map(({ path, name, from, to, write, warnings }) => ({
      path,
      name,
      from: orNull(from),
      to: orNull(to),
      write: text(write),
      warnings: [...warnings],
    })),
    unmendable: unmendable.map((one) => ({ ...one })),
    leftAlone: [...leftAlone],
    obstacles: [...obstacles],
  };
}

/** @throws InputError with the place in the JSON */
export function planFromJson(json: unknown, file: string): Plan {
  const parsed = plan.safeParse(json);
  if (parsed.success) {
    const { steps, unmendable, leftAlone, obstacles } = parsed.data;
    return { steps, unmendable, leftAlone, obstacles };
  }
  const [issue] = parsed.error.issues;
  throw new InputError(`not a plan: ${issue?.path.join('.')}: ${issue?.message}`, { file });
}
