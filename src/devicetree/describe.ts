/**
 * Properties as text for people: a value in one line, in the notation of device tree sources if there is one.
 */

import { hexByte, hexNumber } from '../base/index.ts';
import { asDrcInfo, asDrcNumbers, asDrcStrings, type DrcInfo } from './drc.ts';
import { createLayout } from './layout.ts';
import { findByPhandle, indexByPhandle, type PhandleIndex } from './phandles.ts';
import { referencesIn } from './references.ts';
import { asMaxSyncCop, type CopLimit, type MaxSyncCop } from './sync-cop.ts';
import { node, type Property, type Tree, type TreeNode } from './tree.ts';
import { asCells, asStrings } from './values.ts';

/** How a value was interpreted. */
export type ValueKind =
  | 'flag'
  | 'strings'
  | 'cells'
  | 'bytes'
  | 'references'
  | 'max-sync-cop'
  | 'drc-info'
  | 'drc-numbers'
  | 'drc-strings';

/** A value as text. */
export interface Description {
  /** How the value was interpreted. */
  readonly kind: ValueKind;
  /** The value in one line. */
  readonly text: string;
}

/** The context of a property. */
export interface ValueContext {
  /** The node that has it; the grammar of `ibm,max-sync-cop` and of `interrupt-map` depends on it. */
  readonly node?: TreeNode;
  /** The phandles of the tree, which turn references into paths. */
  readonly phandles?: PhandleIndex;
}

/**
 * Describes a property; more context gives a better description. References are shown by the path of their node
 * (`<&{/cpus/l2-cache@2010}>`) or as dangling, values with a known grammar by that grammar, all others as strings, cells or
 * bytes, by their content. A value that violates its grammar is described by its content.
 *
 * ```ts
 * describeValue(string('status', 'okay')); // { kind: 'strings', text: '"okay"' }
 * ```
 */
export function describeValue(of: Property, context: ValueContext = {}): Description {
  return describeByName(of, context) ?? describeByContent(of);
}

/**
 * Returns a function that describes the properties of one tree. It takes the number of the node (preorder, root 0), as
 * changes have it: `describe(change.after.number, { name, value })`.
 */
export function valueDescriber(tree: Tree): (number: number, of: Property) => Description {
  const { nodes } = createLayout(tree);
  const phandles = indexByPhandle(tree);
  return (number, of) => {
    const node = nodes[number];
    return describeValue(of, node === undefined ? { phandles } : { node, phandles });
  };
}

function describeByName(of: Property, context: ValueContext): Description | undefined {
  switch (of.name) {
    case 'ibm,max-sync-cop': {
      const found = asMaxSyncCop(of.value, context.node?.name ?? '');
      return found && { kind: 'max-sync-cop', text: syncCopText(found) };
    }
    case 'ibm,drc-info': {
      const found = asDrcInfo(of.value);
      return found && { kind: 'drc-info', text: found.map(drcText).join('; ') || 'no connectors' };
    }
    case 'ibm,drc-indexes':
    case 'ibm,drc-power-domains': {
      const found = asDrcNumbers(of.value);
      return found && { kind: 'drc-numbers', text: `${found.length}: ${cellsText(found)}` };
    }
    case 'ibm,drc-names':
    case 'ibm,drc-types': {
      const found = asDrcStrings(of.value);
      return found && { kind: 'drc-strings', text: `${found.length}: ${stringsText(found)}` };
    }
    default:
      return context.phandles && describeReferences(of, context.node ?? NO_NODE, context.phandles);
  }
}

const NO_NODE = node('');

function describeReferences(of: Property, holder: TreeNode, phandles: PhandleIndex): Description | undefined {
  const found = referencesIn(of, holder, (phandle) => findByPhandle(phandles, phandle)?.node);
  if (found === undefined || found.length === 0) return undefined;
  const shown = (asCells(of.value) ?? []).map(hexNumber);
  for (const { cell, phandle } of found) {
    const path = findByPhandle(phandles, phandle)?.path;
    shown[cell] = path === undefined ? `${hexNumber(phandle)} /* no such node */` : `&{${path}}`;
  }
  return { kind: 'references', text: `<${shown.join(' ')}>` };
}

/** As strings, cells or bytes by the content alone; a `#…-cells` is cells even where it could be text. */
function describeByContent(of: Property): Description {
  if (of.value.length === 0) return { kind: 'flag', text: '' };
  const texts = of.name.startsWith('#') ? undefined : asStrings(of.value);
  const printable = (text: string) => /^[\x20-\x7e]+$/.test(text);
  // A single empty string is the byte 0, and more likely to be one.
  if (texts?.every(printable)) return { kind: 'strings', text: stringsText(texts) };
  const cells = asCells(of.value);
  if (cells !== undefined) return { kind: 'cells', text: cellsText(cells) };
  const pairs = Array.from(of.value, hexByte);
  return { kind: 'bytes', text: `[${pairs.join(' ')}]` };
}

function cellsText(cells: readonly number[]): string {
  return `<${cells.map(hexNumber).join(' ')}>`;
}

function stringsText(texts: readonly string[]): string {
  const quoted = texts.map((text) => `"${text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, escaped)}"`);
  return quoted.join(', ');
}

function escaped(character: string): string {
  return `\\x${hexByte(character.charCodeAt(0))}`;
}

function drcText(entry: DrcInfo): string {
  const { type, namePrefix, indexStart, nameSuffixStart, count, increment, powerDomain } = entry;
  const name = stringsText([`${namePrefix}${nameSuffixStart}`]);
  return `${count} × ${type} from ${name} index ${hexNumber(indexStart)} step ${increment} power domain ${hexNumber(powerDomain)}`;
}

function limitText({ bytes, sgElements }: CopLimit): string {
  return `${bytes} bytes in ${sgElements} elements`;
}

function syncCopText(value: MaxSyncCop): string {
  switch (value.facility) {
    case 'random':
      return 'every operation';
    case 'compression': {
      const series = (limits: readonly CopLimit[]) => limits.map(limitText).join(', ') || 'nothing';
      return `compress ${series(value.compress)}; decompress ${series(value.decompress)}`;
    }
    case 'encryption': {
      const texts = value.functions.map(({ functionCode, mode, limits }) => {
        const each = limits.map((limit) => `${limit.keyBits} bits ${limitText(limit)}`);
        return `function ${functionCode} mode ${mode}: ${each.join(', ') || 'nothing'}`;
      });
      return texts.join('; ') || 'nothing';
    }
  }
}
