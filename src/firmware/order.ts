import { type Chooser, first } from '../choice/index.ts';
import type { Plan } from './plan.ts';

/**
 * The same messages in another order, asked for one by one. LoPAR fixes only that all deletes come before all updates
 * before all adds; the first way each time is the order of the plan.
 */
export function orderPlan(plan: Plan, chooser: Chooser): Plan {
  if (chooser === first) return plan;
  const deletes = ordered(plan.deletes, chooser, 'order of deletes');
  const updates = ordered(plan.updates, chooser, 'order of updates');
  const adds = ordered(plan.adds, chooser, 'order of adds');
  if (deletes === plan.deletes && updates === plan.updates && adds === plan.adds) return plan;
  return { ...plan, deletes, updates, adds };
}

function ordered<T>(messages: readonly T[], chooser: Chooser, what: string): readonly T[] {
  const left = [...messages];
  const result: T[] = [];
  let isMoved = false;
  while (left.length > 1) {
    const way = chooser.choose(left.length, what);
    if (way !== 0) isMoved = true;
    result.push(...left.splice(way, 1));
  }
  return isMoved ? [...result, ...left] : messages;
}
