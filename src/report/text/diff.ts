import { plural, printable } from '../../base/index.ts';
import {
  type Change,
  type NodePlace,
  type Property,
  type Tree,
  valueDescriber,
} from '../../devicetree/index.ts';
import { nodeHeading } from './node-heading.ts';
import { type Paint, plain } from './paint.ts';

/**
 * Changes between two trees as a list: `+` marks an addition, `-` a removal, `~` any other change. Values are decoded by
 * their type; a phandle is shown as the path that it has in its own tree.
 */
export function diffToText(
  changes: readonly Change[],
  before: Tree,
  after: Tree,
  paint: Paint = plain,
): string {
  if (changes.length === 0) return 'no difference\n';
  const old = values(before);
  const now = values(after);
  const lines: string[] = [];
  let current = '';
  for (const change of changes) {
    // One heading for all changed properties of a node.
    if (change.kind.startsWith('property') && 'after' in change) {
      const title = nodeHeading(change.after);
      if (title !== current) lines.push(paint.bold(title));
      current = title;
    } else {
      current = '';
    }
    lines.push(...text(change, old, now, paint));
  }
  return `${lines.join('\n')}\n${plural(changes.length, 'difference')}\n`;
}

type Values = (number: number, property: Property) => string;

function values(tree: Tree): Values {
  const describe = valueDescriber(tree);
  return (number, property) => describe(number, property).text || '(empty)';
}

function text(change: Change, old: Values, now: Values, paint: Paint): readonly string[] {
  const plus = (line: string) => paint.green(`+ ${line}`);
  const minus = (line: string) => paint.red(`- ${line}`);
  const all = (
    place: NodePlace,
    properties: readonly Property[],
    show: Values,
    mark: (line: string) => string,
  ) => properties.map((property) => mark(`    ${printable(property.name)}: ${show(place.number, property)}`));
  switch (change.kind) {
    case 'node-added':
      return [plus(nodeHeading(change.after)), ...all(change.after, change.properties, now, plus)];
    case 'node-removed':
      return [minus(nodeHeading(change.before)), ...all(change.before, change.properties, old, minus)];
    case 'node-moved':
      return [paint.yellow(`~ ${nodeHeading(change.before)} moved to ${printable(change.after.path)}`)];
    case 'node-renamed':
      return [paint.yellow(`~ ${nodeHeading(change.before)} renamed to ${printable(change.after.path)}`)];
    case 'node-replaced':
      return [
        paint.yellow(
          `~ ${nodeHeading(change.before)} replaced by another node (different ${change.differs.join(', ')})`,
        ),
        ...all(change.before, change.oldProperties, old, minus),
        ...all(change.after, change.newProperties, now, plus),
      ];
    case 'property-added':
      return [
        plus(
          `  ${printable(change.name)}: ${now(change.after.number, { name: change.name, value: change.newValue })}`,
        ),
      ];
    case 'property-removed':
      return [
        minus(
          `  ${printable(change.name)}: ${old(change.before.number, { name: change.name, value: change.oldValue })}`,
        ),
      ];
    case 'property-changed':
      return [
        minus(
          `  ${printable(change.name)}: ${old(change.before.number, { name: change.name, value: change.oldValue })}`,
        ),
        plus(
          `  ${printable(change.name)}: ${now(change.after.number, { name: change.name, value: change.newValue })}`,
        ),
      ];
    case 'children-reordered':
      return [paint.yellow(`~ ${nodeHeading(change.after)}: order of children changed`)];
    case 'reservations-changed':
      return [paint.yellow('~ memory reservations changed')];
    case 'boot-cpu-changed':
      return [paint.yellow(`~ boot CPU changed from ${change.oldCpu} to ${change.newCpu}`)];
  }
}
