import { InputError, toHex } from '../../base/index.ts';
import type { Plan } from './plan.ts';
import type { PlanJson } from './plan-schema.ts';

/** A plan as plain JSON: bytes are lower-case hex, a property that does not exist is null. */
export function planToJson({ steps, needsRestart, leftAlone, obstacles }: Plan): PlanJson {
  const orNull = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : toHex(bytes));
  return {
    format: 'transplant-plan',
    version: 2,
    steps: steps.map(({ path, name, from, to, write, warnings }) => ({
      path,
      name,
      from: orNull(from),
      to: orNull(to),
      write: toHex(write),
      warnings: [...warnings],
    })),
    needsRestart: needsRestart.map((one) => ({ ...one })),
    leftAlone: [...leftAlone],
    obstacles: [...obstacles],
  };
}

/** @throws InputError with the place in the JSON */
export async function planFromJson(json: unknown, file: string): Promise<Plan> {
  const { plan } = await import('./plan-schema.ts');
  const parsed = plan.safeParse(json);
  if (parsed.success) {
    const { steps, needsRestart, leftAlone, obstacles } = parsed.data;
    return { steps, needsRestart, leftAlone, obstacles };
  }
  const [issue] = parsed.error.issues;
  throw new InputError(`not a plan: ${issue?.path.join('.')}: ${issue?.message}`, { file });
}
