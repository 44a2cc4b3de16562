import { bootPhandle, joinPath } from '../devicetree/index.ts';
import type { FaultInjector } from './fault-injector.ts';
import type { FaultName } from './faults.ts';
import type { AddMessage, DeleteMessage, Plan, UpdateMessage } from './plan.ts';
import { isFacilities } from './scope.ts';

const UPDATE_NODES = 'ibm,update-nodes';

const only = (name: FaultName): ReadonlySet<FaultName> => new Set([name]);
const unknownPhandle = only('unknown-phandle');
const unknownParent = only('unknown-parent');
const lostAdd = only('lost-add');
const loneChild = only('lone-child');
const planFaults = new Set([...unknownPhandle, ...unknownParent, ...lostAdd, ...loneChild]);

/**
 * The plan with the faults that change messages.
 * @param unknown returns a phandle that no node of either tree has
 */
export function applyPlanFaults(plan: Plan, injector: FaultInjector, unknown: () => number): Plan {
  // The plan stays the same object, so what is derived from it stays cached.
  if (!injector.mayInject(planFaults)) return plan;
  const { deletes, updates, adds } = plan.adds.reduce(
    (changed, add) => applyLoneChild(changed, add, injector),
    plan,
  );
  const withFault = <T extends DeleteMessage | UpdateMessage>(message: T): T => {
    const { path, phandle } = message;
    const place = { function: UPDATE_NODES, path, phandle, onlyNamed: true } as const;
    return injector.inject(unknownPhandle, place) ? { ...message, phandle: unknown() } : message;
  };
  // A fault without a place must not change real messages: it adds one message before the others.
  const extra: UpdateMessage[] = injector.inject(unknownPhandle, { function: UPDATE_NODES })
    ? [{ phandle: unknown(), path: '', changes: [] }]
    : [];
  return {
    ...plan,
    deletes: deletes.map(withFault),
    updates: [...extra, ...updates.map(withFault)],
    adds: adds.flatMap((add) => {
      const place = { function: UPDATE_NODES, path: add.path, phandle: add.drcIndex };
      if (injector.inject(lostAdd, place)) return [];
      return injector.inject(unknownParent, place) ? { ...add, parent: unknown() } : add;
    }),
  };
}

/** Replaces an add of platform-facilities by an add of one child: the one that the fault names, else the first. */
function applyLoneChild(plan: Plan, add: AddMessage, injector: FaultInjector): Plan {
  const { node, path } = add;
  if (!isFacilities({ path, node })) return plan;
  for (const child of node.children) {
    const childPath = joinPath(path, child.name);
    const place = { function: UPDATE_NODES, path: childPath, phandle: bootPhandle(child) };
    if (!injector.inject(loneChild, place)) continue;
    const stays = (at: string) => at !== path && (at === childPath || !at.startsWith(`${path}/`));
    const lone = { ...add, parent: bootPhandle(node), path: childPath, node: child };
    return {
      ...plan,
      deletes: plan.deletes.filter((message) => stays(message.path)),
      adds: plan.adds.map((other) => (other === add ? lone : other)),
    };
  }
  return plan;
}
