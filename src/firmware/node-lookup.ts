import { defineMemo, type RunCache } from '../base/index.ts';
import { findByPhandle, indexByPhandle, type PhandleIndex, type Tree } from '../devicetree/index.ts';
import { propertyChanges } from './changes.ts';
import type { Plan, UpdateMessage } from './plan.ts';

/** What firmware answers about any phandle. */
export interface NodeLookup {
  /** The update of a node; without changes if the node did not change, undefined if the destination has no such node. */
  find(phandle: number): UpdateMessage | undefined;
  /** A phandle that no node of either tree has. */
  unusedPhandle(): number;
}

const updatesByPhandle = defineMemo(
  (plan: Plan) => new Map(plan.updates.map((message) => [message.phandle, message])),
);

/**
 * A partition may call `ibm,update-properties` for any node, not only for those that `ibm,update-nodes` named (LoPAR
 * 7.4.9). The answer is the plan's update of the node, if it has one. For another node in both trees it is the changes,
 * even if the plan deletes and adds the node. For a node in the destination only, it is the path.
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
    const isKept = old !== undefined && old.path === now.path;
    return { phandle, path: now.path, changes: isKept ? propertyChanges(old.node, now.node) : [] };
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
