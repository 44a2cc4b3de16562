import { InputError } from '../../base/index.ts';
import { prune } from '../prune.ts';
import type { Tree } from '../tree.ts';
import type { Change } from './change.ts';

type Matches = (path: string, property?: string) => boolean;

/**
 * Tells which changes are not wanted. `*` stands for any characters, slashes too, `?` for one; a pattern means
 *
 * - `/cpus/l2-cache@*`: these nodes, and everything below them;
 * - `/cpus/*:clock-frequency`: this property of these nodes;
 * - `ibm,loc-code`: the property of that name wherever it is.
 *
 * A change that names two places is left out only if both are. Throws `InputError` for a pattern that is empty.
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

/** A tree without what the patterns match; the root stays, whatever they say. Throws as `ignoring` does. */
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
