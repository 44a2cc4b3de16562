import { InputError } from '../base/index.ts';
import {
  asCell,
  bootPhandle,
  identityDifferences,
  joinPath,
  type Located,
  property,
  type Tree,
  type TreeNode,
  walk,
} from '../devicetree/index.ts';
import { propertyChanges } from './changes.ts';
import { compareTrees, type IsReplaced, type NodePair, type UnpairedNode } from './compare-trees.ts';
import type {
  AddMessage,
  DeleteMessage,
  Plan,
  PlanStyle,
  UnreportedDifference,
  UpdateMessage,
} from './plan.ts';
import { assertPermitted, isCache, isFacilities } from './scope.ts';

/** How a migration is planned. */
export interface PlanOptions {
  /** How changes are announced. */
  readonly style: PlanStyle;
  /** Also send deletes and adds that scope 1 forbids. */
  readonly permitForbidden?: boolean;
}

/** First index of connectors for nodes without `ibm,my-drc-index`; the numbers of real firmware are not public. */
const FIRST_INVENTED_DRC = 0x2000_0001;

/** Characters of a path or of a property's name that fit a work area of `ibm,update-properties`. */
const MAX_TEXT_LENGTH = 4070;

/**
 * Plans the messages by which a firmware reports a new tree to a partition.
 *
 * Deletes come leaves first; the topmost removed node is last. Each topmost new node is one add, with its whole subtree on
 * one connector. Each cache node has a connector of its own: LoPAR lets a CPU connector bring its caches as siblings, but
 * these caches belong to no CPU connector. The index of a connector is `ibm,my-drc-index` of its node, else a number from
 * 0x20000001 on.
 *
 * ```ts
 * const plan = planMigration(before, after, { style: 'powervm' });
 * for (const { path, changes } of plan.updates) console.log(path, changes.map(({ name }) => name));
 * ```
 *
 * @throws InputError with the node's path: a delete or add that the scope forbids, or that needs the phandle of a node
 *   without one (LoPAR 7.4.8, requirement 1: reportable nodes have a phandle)
 */
export function planMigration(source: Tree, destination: Tree, options: PlanOptions): Plan {
  const { style, permitForbidden = false } = options;
  const isReplaced = style === 'powervm' ? powervmReplaces(source, destination) : isOfOtherType;
  const { paired, removed, added } = compareTrees(source, destination, isReplaced);
  if (!permitForbidden) {
    const facilities = { before: findFacilities(source), after: findFacilities(destination) };
    for (const lone of removed) assertPermitted('delete', lone, facilities.before);
    for (const lone of added) assertPermitted('add', lone, facilities.after);
  }
  const unreported: UnreportedDifference[] = [];
  return {
    style,
    scope: 1,
    deletes: removed.flatMap(deletesOf),
    updates: updatesOf(paired, unreported),
    adds: addsOf(added),
    unreported,
  };
}

/** The root is never replaced: it has no parent under which another could be added. */
const isOfOtherType: IsReplaced = ({ before, after }) => identityDifferences(before, after).length > 0;

function powervmReplaces(source: Tree, destination: Tree): IsReplaced {
  const replaceCaches = cachesDiffer(source, destination);
  return ({ path, before, after }, parentPath) =>
    parentPath === '/'
      ? isFacilities({ path, node: before }) || isFacilities({ path, node: after })
      : replaceCaches && (isCache({ path, node: before }) || isCache({ path, node: after }));
}

function cachesDiffer(source: Tree, destination: Tree): boolean {
  const caches = new Map(cachesOf(source));
  let left = caches.size;
  for (const [path, after] of cachesOf(destination)) {
    const before = caches.get(path);
    if (before === undefined || bootPhandle(before) !== bootPhandle(after)) return true;
    if (propertyChanges(before, after).length > 0) return true;
    left--;
  }
  return left !== 0;
}

function* cachesOf({ root, ...rest }: Tree): Generator<[string, TreeNode]> {
  const cpus = root.children.filter((node) => node.name === 'cpus');
  for (const located of walk({ ...rest, root: { ...root, children: cpus } })) {
    if (isCache(located)) yield [located.path, located.node];
  }
}

function findFacilities(tree: Tree): string | undefined {
  for (const node of tree.root.children) {
    const path = joinPath('/', node.name);
    if (isFacilities({ path, node })) return path;
  }
  return undefined;
}

function deletesOf(lone: UnpairedNode): DeleteMessage[] {
  const messages: DeleteMessage[] = [];
  const stack: { readonly located: Located; readonly entered: boolean }[] = [
    { located: lone, entered: false },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, node } = next.located;
    if (next.entered || node.children.length === 0) {
      messages.push({ phandle: phandleOf(next.located, 'deleted'), path });
      continue;
    }
    stack.push({ located: next.located, entered: true });
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child === undefined) continue;
      stack.push({ located: { path: joinPath(path, child.name), node: child }, entered: false });
    }
  }
  return messages;
}

function updatesOf(kept: readonly NodePair[], unreported: UnreportedDifference[]): UpdateMessage[] {
  const messages: UpdateMessage[] = [];
  for (const { path, before, after } of kept) {
    const all = propertyChanges(before, after);
    const phandle = bootPhandle(before);
    if (bootPhandle(after) !== phandle)
      unreported.push({ path, reason: 'its phandle differs, which no message reports' });
    if (all.length === 0) continue;
    if (phandle === 0) unreported.push({ path, reason: 'properties differ, but the node has no phandle' });
    else if (path.length > MAX_TEXT_LENGTH)
      unreported.push({ path, reason: 'its path does not fit a work area' });
    else {
      const changes = all.filter((change) => change.name.length <= MAX_TEXT_LENGTH);
      if (changes.length > 0) messages.push({ phandle, path, changes });
      if (changes.length < all.length) {
        unreported.push({ path, reason: 'a property has a name that does not fit a work area' });
      }
    }
  }
  return messages;
}

function addsOf(added: readonly UnpairedNode[]): AddMessage[] {
  const stated = added.map(({ node }) => asCell(property(node, 'ibm,my-drc-index')?.value));
  const taken = new Set<number | undefined>(stated);
  const used = new Set<number>();
  let invented = FIRST_INVENTED_DRC;
  return added.map(({ path, node, parent }, index) => {
    let drcIndex = stated[index];
    // Two nodes with the same index cannot share the connector: it brings one node.
    if (drcIndex === undefined || used.has(drcIndex)) {
      while (taken.has(invented)) invented++;
      drcIndex = invented++;
    }
    used.add(drcIndex);
    return { parent: phandleOf(parent, 'given new children'), path, drcIndex, node };
  });
}

function phandleOf({ path, node }: Located, what: string): number {
  const phandle = bootPhandle(node);
  if (phandle !== 0) return phandle;
  throw new InputError(
    `${path} has no phandle and cannot be ${what}`,
    { path },
    {
      hint: 'give it ibm,phandle: every node that firmware reports must have one (LoPAR 7.4.8, requirement 1)',
    },
  );
}
