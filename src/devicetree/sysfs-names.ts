/**
 * Names of siblings of one name in /sys/firmware/devicetree. Linux keeps the name of the first and appends `#1`, `#2`, … to
 * the others; it logs "Duplicate name in …, renamed to …". This holds for nodes and properties. The tree itself, and lookups
 * by path, keep the plain name.
 *
 * Source: safe_name() in drivers/of/kobj.c, v5.10 to v7.2.
 */

/** The highest number that Linux tries; it uses `#16` even if it exists already. */
export const MAX_DUPLICATE = 16;

/** The name of a duplicate by its number; number 0 has the plain name. */
export function sysfsName(base: string, duplicate: number): string {
  return duplicate === 0 ? base : `${base}#${duplicate}`;
}

/** Splits `l2-cache@2011#1` into the name and the number of the duplicate; 0 if it has none. */
export function parseSysfsName(name: string): { readonly name: string; readonly duplicate: number } {
  const match = /^(.+)#([1-9][0-9]*)$/s.exec(name);
  const duplicate = Number(match?.[2] ?? 0);
  if (match?.[1] === undefined || duplicate > MAX_DUPLICATE) return { name, duplicate: 0 };
  return { name: match[1], duplicate };
}

/**
 * The names of siblings in sysfs, in the order in which they are added. Numbers continue after 16, where Linux has no
 * further ones, so the names are always unique.
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
