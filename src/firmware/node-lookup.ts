import { defineMemo, type RunCache } from '../base/index.ts';
import { findByPhandle, indexByPhandle, type PhandleIndex, type Tree } from '../devicetree/index.ts';
import { propertyChanges } from './changes.ts';
import type { Plan, UpdateMessage } from './plan.ts';

/** What firmware can say of any phandle, and whether a phandle is anybody's. */
export interface NodeLookup {
  find(phandle: number): UpdateMessage | undefined;
  /** A phandle that no node of either tree has. */
  unusedPhandle(): number;
}

const updatesByPhandle = defineMemo(
  (plan: Plan) => new Map(plan.updates.map((message) => [message.phandle, message])),
);

/**
 * `ibm,update-properties` may be asked of any node, not only of those that `ibm,update-nodes` named (LoPAR 7.4.9): a
 * node with an update in the plan is told as the plan says; of another that both trees have, what changed, be it deleted
 * and added besides; of one that only the destination has, its path.
 */
export function createNodeLookup(source: Tree, destination: Tree, plan: Plan, cache: RunCache): NodeLookup {
  const answers = new Map<number, UpdateMessage | undefined>();
  let indexes: { readonly before: PhandleIndex; readonly after: PhandleIndex } | undefined;

  function index() {
    indexes ??= { before: indexByPhandle(source), after: indexByPhandle(destination) };
    return indexes;
  }

  function answer(phandle: number): UpdateMessage | undefined {
    const { before, after } = index();
    const now = findByPhandle(after, phandle);
    if (now === undefined) return undefined;
    const old = findByPhandle(before, phandle);
    const isSame = old !== undefined && old.path === now.path;
    return { phandle, path: now.path, changes: isSame ? propertyChanges(old.node, now.node) : [] };
  }

  function find(phandle: number): UpdateMessage | undefined {
    const planned = cache.get(updatesByPhandle, plan).get(phandle);
    if (planned !== undefined) return planned;
    if (!answers.has(phandle)) answers.set(phandle, answer(phandle));
    return answers.get(phandle);
  }

  function unusedPhandle(): number {
    const { before, after } = index();
    let phandle = 0x0bad_0001;
    while (before.nodes.has(phandle) || after.nodes.has(phandle)) phandle++;
    return phandle;
  }

  return { find, unusedPhandle };
}
