import { z } from 'zod';

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

/** What a plan's JSON may say. */
export const plan = z.strictObject({
  format: z.literal('transplant-plan'),
  version: z.literal(1),
  steps: z.array(step),
  unmendable: z.array(z.strictObject({ subject: z.string(), reason: z.string() })),
  leftAlone: z.array(z.string()),
  obstacles: z.array(z.string()),
});

export type PlanJson = z.input<typeof plan>;
