import { printable } from '../../base/index.ts';
import {
  type Change,
  type NodePlace,
  type Property,
  type Tree,
  type TreeNode,
  valueDescriber,
} from '../../devicetree/index.ts';
import { nodeHeading } from './node-heading.ts';
import { type Paint, plain } from './paint.ts';

/** Number of unchanged properties shown before and after a changed one. */
const CONTEXT_LINES = 3;

export interface NamedTree {
  readonly name: string;
  readonly tree: Tree;
}

/**
 * Changes in the form of `diff -u`, a hunk for each node: removals after `-`, additions after `+`, and the unchanged
 * properties around them. Values are decoded by their type.
 */
export function diffToUnified(
  changes: readonly Change[],
  before: NamedTree,
  after: NamedTree,
  paint: Paint = plain,
): string {
  if (changes.length === 0) return '';
  const hunks = new Map<string, Change[]>();
  for (const change of changes) {
    const key = keyOf(change);
    const hunk = hunks.get(key);
    if (hunk) hunk.push(change);
    else hunks.set(key, [change]);
  }
  const [old, now] = [sideOf(before.tree), sideOf(after.tree)];
  const lines = Array.from(hunks.values(), (hunk) => hunkLines(hunk, old, now, paint)).flat();
  const heads = [`--- ${printable(before.name)}`, `+++ ${printable(after.name)}`].map(paint.bold);
  return `${[...heads, ...lines].join('\n')}\n`;
}

interface Side {
  properties(place: NodePlace): readonly Property[];
  line(place: NodePlace, property: Property): string;
}

function sideOf(tree: Tree): Side {
  const describe = valueDescriber(tree);
  const nodes = preorder(tree);
  return {
    properties: ({ number }) => nodes[number]?.properties ?? [],
    line: ({ number }, property) => {
      const { kind, text } = describe(number, property);
      return `  ${printable(property.name)}${kind === 'flag' ? '' : ` = ${text || '(empty)'}`}`;
    },
  };
}

/** Nodes by number. */
function preorder(tree: Tree): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  const ahead = [tree.root];
  for (let node = ahead.pop(); node; node = ahead.pop()) {
    nodes.push(node);
    for (const child of node.children.toReversed()) ahead.push(child);
  }
  return nodes;
}

/** Changes of one node have the same key; a change that is not about a node has its own. */
function keyOf(change: Change): string {
  if ('after' in change) return `after ${change.after.number}`;
  return 'before' in change ? `before ${change.before.number}` : change.kind;
}

type Line = readonly [sign: ' ' | '-' | '+', text: string];

function hunkLines(hunk: readonly Change[], old: Side, now: Side, paint: Paint): readonly string[] {
  const [first] = hunk;
  if (!first) return [];
  const place = 'after' in first ? first.after : 'before' in first ? first.before : undefined;
  const lines: Line[] = hunk.flatMap((change) => nodeLines(change, old, now));
  if ('before' in first && 'after' in first) lines.push(...propertyLines(hunk, first, old, now));
  const shown = lines.filter((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1).some(([sign]) => sign !== ' '),
  );
  const style = { ' ': paint.dim, '-': paint.red, '+': paint.green } as const;
  return [
    paint.cyan(`@@ ${place ? nodeHeading(place) : first.kind} @@`),
    ...shown.map(([sign, text]) => style[sign](`${sign}${text}`)),
  ];
}

/** A change of a node as a whole, or one that is not about a node. */
function nodeLines(change: Change, old: Side, now: Side): Line[] {
  const all = (sign: '-' | '+', side: Side, place: NodePlace, list: readonly Property[]): Line[] => [
    [sign, nodeHeading(place)],
    ...list.map((property): Line => [sign, side.line(place, property)]),
  ];
  switch (change.kind) {
    case 'node-added':
      return all('+', now, change.after, change.properties);
    case 'node-removed':
      return all('-', old, change.before, change.properties);
    case 'node-replaced':
      return [
        ...all('-', old, change.before, change.oldProperties),
        ...all('+', now, change.after, change.newProperties),
      ];
    case 'node-moved':
    case 'node-renamed':
      return [...all('-', old, change.before, []), ...all('+', now, change.after, [])];
    case 'children-reordered':
      return [
        ['-', `  children: ${change.oldOrder.map(printable).join(' ')}`],
        ['+', `  children: ${change.newOrder.map(printable).join(' ')}`],
      ];
    case 'reservations-changed': {
      const line = ({ address, size }: { address: bigint; size: bigint }) =>
        `  /memreserve/ 0x${address.toString(16)} 0x${size.toString(16)}`;
      return [
        ...change.oldReservations.map((one): Line => ['-', line(one)]),
        ...change.newReservations.map((one): Line => ['+', line(one)]),
      ];
    }
    case 'boot-cpu-changed':
      return [
        ['-', `  boot CPU ${change.oldCpu}`],
        ['+', `  boot CPU ${change.newCpu}`],
      ];
    default:
      return [];
  }
}

/** A node's properties in their old order, the added ones last; unchanged ones are context. */
function propertyLines(
  hunk: readonly Change[],
  { before, after }: { before: NodePlace; after: NodePlace },
  old: Side,
  now: Side,
): Line[] {
  const of = (kind: Change['kind']) =>
    hunk.flatMap((change) => (change.kind === kind && 'name' in change ? [change] : []));
  const gone = new Set(of('property-removed').map(({ name }) => name));
  const changed = new Map(of('property-changed').map((change) => [change.name, change]));
  if (gone.size + changed.size + of('property-added').length === 0) return [];
  const lines = old.properties(before).flatMap((property): Line[] => {
    const other = changed.get(property.name);
    const line = old.line(before, property);
    if (other && 'newValue' in other)
      return [
        ['-', line],
        ['+', now.line(after, { name: property.name, value: other.newValue })],
      ];
    return [[gone.has(property.name) ? '-' : ' ', line]];
  });
  for (const change of of('property-added'))
    if ('newValue' in change)
      lines.push(['+', now.line(after, { name: change.name, value: change.newValue })]);
  return lines;
}
