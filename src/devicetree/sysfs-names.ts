/**
 * How Linux shows siblings of one name under /sys/firmware/devicetree: the first keeps its name, further ones get
 * `#1`, `#2`, …, and the log says "Duplicate name in …, renamed to …". Node names and property names alike; the tree
 * itself, and lookups by path, keep the plain name.
 *
 * Source: safe_name() in drivers/of/kobj.c, v5.10 to v7.2.
 */

/** The highest number that Linux tries; it takes `#16` even when there is one already. */
export const MAX_DUPLICATE = 16;

/** The name of the duplicate with that number; 0 is the one that keeps its plain name. */
export function sysfsName(base: string, duplicate: number): string {
  return duplicate === 0 ? base : `${base}#${duplicate}`;
}

/** Takes `l2-cache@2011#1` apart into its name and the number of the duplicate; 0 when it has none. */
export function parseSysfsName(name: string): { readonly name: string; readonly duplicate: number } {
  const match = /^(.+)#([1-9][0-9]*)$/s.exec(name);
  const duplicate = Number(match?.[2] ?? 0);
  if (match?.[1] === undefined || duplicate > MAX_DUPLICATE) return { name, duplicate: 0 };
  return { name: match[1], duplicate };
}

/**
 * The names that siblings get in sysfs, in the order in which they are added. Where Linux would run out of numbers
 * they go on past 16, so that the names always tell siblings apart.
 */
export function siblingNames(siblings: readonly { readonly name: string }[]): string[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return siblings.map(({ name }) => {
    let duplicate = next.get(name) ?? 0;
    while (taken.has(sysfsName(name, duplicate))) duplicate += 1;
    next.set(name, duplicate + 1);
    const unique = sysfsName(name, duplicate);
    taken.add(unique);
    return unique;
  });
}
