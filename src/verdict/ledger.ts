import type { NodeReferences, ReferenceChange } from '../partition/index.ts';

/** A node that somebody went on to use when its last reference was gone. */
interface UsedDead {
  /** The change that made its count 0. */
  readonly last: ReferenceChange;
  /** The first one after that. */
  readonly next: ReferenceChange;
}

type Ledger = readonly ReferenceChange[];

/** One of the nodes that came to stand at a path. */
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
 * What the ledger says of a warning: whose reference was the last, when it went, and who came afterwards.
 * @param seconds when the warning ended: it is about the node that was used last until then
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

/** What the ledger tells of each node; asked node by node, it is gone through once. */
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
