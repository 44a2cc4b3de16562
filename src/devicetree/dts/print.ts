import { hexNumber, InputError } from '../../base/index.ts';
import { child, property, type Tree, type TreeNode } from '../tree.ts';
import { asCell } from '../values.ts';
import {
  type About,
  type Complaint,
  checkNameProperty,
  checkNames,
  explicitPhandle,
  PHANDLES,
  Phandles,
} from './checks.ts';
import { printProperty } from './print-value.ts';

/** How a source is printed. */
export interface PrintOptions {
  /**
   * Omit properties `name` that repeat the name of their node, as in trees of Open Firmware and /proc/device-tree, instead of
   * rejecting the tree. A compiler omits them anyway. Default: false.
   */
  readonly leaveOutNames?: boolean;
}

// Without a limit, deep trees are mostly tabs.
const MAX_TABS = 16;

/**
 * Prints the source of a tree. `parseDts` or dtc compiles it to the same tree. If the boot CPU is not the one that they
 * derive from the tree, a comment names it. Values are strings, cells or bytes, by their content.
 *
 * @throws InputError with the path if the tree cannot have a source: names with other characters (nodes: letters, digits and
 *   `,._+-`, one `@`; properties: letters, digits and `,._+*#?-`), two children or properties of one name, a property `name`,
 *   phandles that are malformed or not unique
 */
export function printDts(tree: Tree, options: PrintOptions = {}): string {
  const { root, reservations, bootCpu } = tree;
  if (root.name !== '') throw new InputError('in a source the root node has no name', { path: '/' });
  const lines = ['/dts-v1/;'];
  if (bootCpu !== guessedBootCpu(root))
    lines.push(`/* boot CPU ${hexNumber(bootCpu)} (dtc -b ${bootCpu}) */`);
  if (reservations.length > 0) lines.push('');
  for (const { address, size } of reservations) {
    lines.push(`/memreserve/ ${hexNumber(address)} ${hexNumber(size)};`);
  }
  lines.push('', '/ {');
  new Printer(lines, options).print(root);
  lines.push('};', '');
  return lines.join('\n');
}

function guessedBootCpu(root: TreeNode): number {
  const [first] = child(root, 'cpus')?.children ?? [];
  return asCell(first && property(first, 'reg')?.value) ?? 0;
}

interface Frame {
  readonly node: TreeNode;
  /** Index of the next child. */
  next: number;
}

class Printer {
  readonly #lines: string[];
  readonly #options: PrintOptions;
  readonly #phandles = new Phandles<TreeNode>();
  readonly #frames: Frame[] = [];

  constructor(lines: string[], options: PrintOptions) {
    this.#lines = lines;
    this.#options = options;
  }

  /** Prints the body of the root. */
  print(root: TreeNode): void {
    this.#enter(root);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const { node, next } = frame;
      const following = node.children[next];
      frame.next += 1;
      if (following !== undefined) {
        if (next > 0 || node.properties.length > 0) this.#lines.push('');
        this.#lines.push(`${this.#indent()}${following.name} {`);
        this.#enter(following);
      } else {
        this.#frames.pop();
        if (this.#frames.length > 0) this.#lines.push(`${this.#indent()}};`);
      }
    }
  }

  #tabs(): number {
    return Math.min(this.#frames.length, MAX_TABS);
  }

  #indent(): string {
    return '\t'.repeat(this.#tabs());
  }

  #enter(node: TreeNode): void {
    this.#frames.push({ node, next: 0 });
    checkNames(node, this.#complain);
    const phandles: number[] = [];
    for (const { name, value } of node.properties) {
      if (name === 'name') {
        this.#checkName(node, value);
        continue;
      }
      if (PHANDLES.has(name)) phandles.push(explicitPhandle({ name }, value, this.#complain));
      this.#lines.push(printProperty(name, value, this.#tabs()));
    }
    this.#phandles.give(node, phandles, this.#complain);
  }

  #checkName(node: TreeNode, value: Uint8Array): void {
    checkNameProperty(node, { name: 'name' }, value, this.#complain);
    if (this.#options.leaveOutNames) return;
    throw new InputError(
      'a compiler would leave this property out',
      { path: this.#path({ property: { name: 'name' } }) },
      {
        hint: 'printDts can leave it out, too: { leaveOutNames: true }',
      },
    );
  }

  /** An error about the current node. */
  readonly #complain: Complaint = (message, about = {}) =>
    new InputError(
      message,
      { path: this.#path(about) },
      { hint: 'a source cannot say this; a blob can (writeDtb)' },
    );

  #path({ property, child }: About): string {
    const names = this.#frames.slice(1).map(({ node }) => node.name);
    if (child !== undefined) names.push(child.name);
    return `/${names.join('/')}${property === undefined ? '' : `:${property.name}`}`;
  }
}
