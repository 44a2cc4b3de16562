import { z } from 'zod';
import type { Plan } from './plan.ts';

// These interfaces have names so that declarations do not spell out `Uint8Array<ArrayBuffer>`, which TypeScript before 5.7 rejects.
interface Hex extends z.ZodType<Uint8Array, string> {}
interface HexOrNull extends z.ZodType<Uint8Array | undefined, string | null> {}
interface PlanSchema extends z.ZodType<Plan> {}

const hex: Hex = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .transform((text) => new Uint8Array(Buffer.from(text, 'hex')));

const hexOrNull: HexOrNull = hex.nullable().transform((value) => value ?? undefined);

const step = z.strictObject({
  path: z.string(),
  name: z.string(),
  from: hexOrNull,
  to: hexOrNull,
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
export const plan: PlanSchema = z.discriminatedUnion('version', [version2, version1]);

export type PlanJson = z.input<typeof version2>;
