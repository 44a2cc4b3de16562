import { plural, printable } from '../../base/index.ts';
import type { TreeNode } from '../../devicetree/index.ts';
import type { Paint } from './paint.ts';

/**
 * A subtree as `tree -d` shows it: children sorted by name, then the number of directories below it.
 * @param limit maximum number of nodes shown; the remainder is counted
 */
export function hierarchy(path: string, node: TreeNode, paint: Paint, limit = 40): readonly string[] {
  const lines = [paint.bold(printable(path))];
  let count = 0;
  // A stack of the nodes that are not shown yet, each with the lines that connect it to its parent.
  const ahead: { node: TreeNode; lead: string; last: boolean }[] = [];
  const push = (parent: TreeNode, lead: string) => {
    const names = [...parent.children].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (let i = names.length - 1; i >= 0; i--) {
      const next = names[i];
      if (next) ahead.push({ node: next, lead, last: i === names.length - 1 });
    }
  };
  push(node, '');
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    count++;
    if (count <= limit) lines.push(`${next.lead}${next.last ? '└── ' : '├── '}${printable(next.node.name)}`);
    push(next.node, `${next.lead}${next.last ? '    ' : '│   '}`);
  }
  if (count > limit) lines.push(paint.dim(`… ${count - limit} more`));
  lines.push(plural(count, 'directory'));
  return lines;
}
