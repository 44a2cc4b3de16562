import { InputError } from '../../base/index.ts';
import type { Plan } from './plan.ts';
import type { PlanJson } from './plan-schema.ts';

/** A plan as plain JSON: bytes are lower-case hex, a property that is not there is null. */
export function planToJson({ steps, unmendable, leftAlone, obstacles }: Plan): PlanJson {
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
export async function planFromJson(json: unknown, file: string): Promise<Plan> {
  const { plan } = await import('./plan-schema.ts');
  const parsed = plan.safeParse(json);
  if (parsed.success) {
    const { steps, unmendable, leftAlone, obstacles } = parsed.data;
    return { steps, unmendable, leftAlone, obstacles };
  }
  const [issue] = parsed.error.issues;
  throw new InputError(`not a plan: ${issue?.path.join('.')}: ${issue?.message}`, { file });
}
