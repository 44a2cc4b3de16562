import type { NodeReferences, ReferenceChange } from '../partition/index.ts';

/** A node that was used after its last reference was dropped. */
interface UsedDead {
  /** The change that made its count 0. */
  readonly last: ReferenceChange;
  /** The first one after that. */
  readonly next: ReferenceChange;
}

type Ledger = readonly ReferenceChange[];

/** Key of one of the nodes that were at a path, one after another. */
const nodeOf = ({ path, generation }: Pick<ReferenceChange, 'path' | 'generation'>) =>
  `${generation} ${path}`;

/** In the order in which they were used. */
function usedDead(ledger: Ledger): readonly UsedDead[] {
  const dead = new Map<string, ReferenceChange>();
  const used = new Map<string, UsedDead>();
  for (const change of ledger) {
    const key = nodeOf(change);
    const last = dead.get(key);
    if (last && !used.has(key)) used.set(key, { last, next: change });
    else if (change.count === 0) dead.set(key, change);
  }
  return [...used.values()];
}

/**
 * Explains a warning by the ledger: which reference was the last, when it was dropped, and what used the node after that.
 * @param seconds end of the warning: it is about the last node that was used up to then
 */
export function deathOf(ledger: Ledger, seconds: number): readonly string[] {
  const found = usedDead(ledger).findLast(({ next }) => next.seconds <= seconds);
  if (!found) return [];
  const { last, next } = found;
  return [
    `${last.path}: the last reference, ${last.who}, went at ${last.step}`,
    `used again by ${next.who} at ${next.step}`,
  ];
}

/** The holders of each node by the ledger, which is read once for all nodes. */
export function holdersBy(ledger: Ledger): (node: NodeReferences) => readonly string[] {
  const taken = new Map<string, string>();
  const left = new Map<string, string>();
  for (const { change, who, step, ...node } of ledger) {
    const key = nodeOf(node);
    if (change > 0) taken.set(`${key} ${who}`, step);
    else if (who === 'sysfs') left.set(key, step);
  }
  return (node) => {
    const key = nodeOf(node);
    const leftAt = left.get(key);
    return [
      ...node.holders.map(({ who, count }) => {
        const times = count === 1 ? '' : ` ${count} times`;
        const at = taken.get(`${key} ${who}`);
        return `held${times} by ${who}${at === undefined ? '' : `, taken at ${at}`}`;
      }),
      ...(leftAt === undefined ? [] : [`left the tree at ${leftAt}`]),
    ];
  };
}
