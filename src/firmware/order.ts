import { defineMemo, RunCache } from '../base/index.ts';
import { type Chooser, firstChooser } from '../choice/index.ts';
import type { Plan } from './plan.ts';

/**
 * The same messages in an order that the chooser decides, message by message. LoPAR requires only that deletes come
 * before updates, and updates before adds. The first way each time is the order of the plan.
 */
export function orderPlan(plan: Plan, chooser: Chooser, cache = new RunCache()): Plan {
  if (chooser === firstChooser) return plan;
  const ways = {
    deletes: waysOf(plan.deletes, chooser, 'order of deletes'),
    updates: waysOf(plan.updates, chooser, 'order of updates'),
    adds: waysOf(plan.adds, chooser, 'order of adds'),
  };
  const key = [ways.deletes, ways.updates, ways.adds].join(' ');
  if (!/[1-9]/.test(key)) return plan;
  const last = cache.get(lastOrders, plan);
  if (last.key === key) return last.plan;
  last.key = key;
  last.plan = {
    ...plan,
    deletes: ordered(plan.deletes, ways.deletes),
    updates: ordered(plan.updates, ways.updates),
    adds: ordered(plan.adds, ways.adds),
  };
  return last.plan;
}

/** The last order of each plan. A search keeps one order for many runs, and the pages served from it are cached. */
const lastOrders = defineMemo((plan: Plan) => ({ key: '', plan }));

function waysOf(messages: readonly unknown[], chooser: Chooser, what: string): readonly number[] {
  const ways: number[] = [];
  for (let left = messages.length; left > 1; left--) ways.push(chooser.choose(left, what));
  return ways;
}

function ordered<T>(messages: readonly T[], ways: readonly number[]): readonly T[] {
  const left = [...messages];
  return [...ways.flatMap((way) => left.splice(way, 1)), ...left];
}
