import { InputError } from '../../base/index.ts';
import { prune } from '../prune.ts';
import type { Tree } from '../tree.ts';
import type { Change } from './change.ts';

type Matches = (path: string, property?: string) => boolean;

/**
 * Returns a function that checks whether a change is ignored. `*` matches any characters, also slashes, `?` matches one. A
 * pattern is one of
 *
 * - `/cpus/l2-cache@*`: these nodes and their subtrees;
 * - `/cpus/*:clock-frequency`: this property of these nodes;
 * - `ibm,loc-code`: the property of that name in all nodes.
 *
 * A change of two places is ignored only if both match.
 *
 * @throws InputError for an empty pattern
 */
export function ignoring(patterns: readonly string[]): (change: Change) => boolean {
  const ignored = matching(patterns);
  return (change) => {
    if (patterns.length === 0) return false;
    const property = 'name' in change ? change.name : undefined;
    const places = [
      ...('before' in change ? [change.before] : []),
      ...('after' in change ? [change.after] : []),
    ];
    return places.length > 0 && places.every(({ path }) => ignored(path, property));
  };
}

/**
 * A tree without the nodes and properties that match; the root stays.
 * @param patterns see `DiffOptions.ignore`
 * @throws InputError for an empty pattern
 */
export function withoutIgnored(tree: Tree, patterns: readonly string[]): Tree {
  return patterns.length === 0 ? tree : prune(tree, matching(patterns));
}

function matching(patterns: readonly string[]): Matches {
  const rules = patterns.map(ruleOf);
  return (path, property) => rules.some((rule) => rule(path, property));
}

function ruleOf(pattern: string): Matches {
  const colon = pattern.indexOf(':');
  if (pattern === '') throw new InputError('an empty pattern matches nothing', {}, { hint: 'leave it out' });
  if (colon >= 0) {
    const node = glob(pattern.slice(0, colon));
    const name = glob(pattern.slice(colon + 1));
    return (path, property) => property !== undefined && name.test(property) && node.test(path);
  }
  if (!pattern.startsWith('/')) {
    const name = glob(pattern);
    return (_, property) => property !== undefined && name.test(property);
  }
  const node = glob(pattern);
  const below = glob(pattern === '/' ? '/*' : `${pattern}/*`);
  return (path) => node.test(path) || below.test(path);
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's');
}
