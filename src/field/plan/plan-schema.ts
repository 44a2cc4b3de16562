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

const reasons = z.array(z.strictObject({ subject: z.string(), reason: z.string() }));

const common = {
  format: z.literal('transplant-plan'),
  steps: z.array(step),
  leftAlone: z.array(z.string()),
  obstacles: z.array(z.string()),
};

const version2 = z.strictObject({ ...common, version: z.literal(2), needsRestart: reasons });

/** Written until 0.1; journals of an interrupted apply may have it. */
const version1 = z
  .strictObject({ ...common, version: z.literal(1), unmendable: reasons })
  .transform(({ unmendable, ...rest }) => ({ ...rest, needsRestart: unmendable }));

/** The JSON form of a plan. */
export const plan = z.discriminatedUnion('version', [version2, version1]);

export type PlanJson = z.input<typeof version2>;
