import { InputError } from '../../base/index.ts';
import type { Reservation, Tree } from '../tree.ts';
import { DefinitionParser } from './definitions.ts';
import { type DraftNode, NO_LABELS } from './draft.ts';
import { DraftTree, noSuchNode } from './draft-tree.ts';
import { parseInteger } from './expression.ts';
import { type IncludeOptions, Includer, textOf } from './include.ts';
import { Lexer } from './lex.ts';
import { resolve } from './resolve.ts';
import { type Source, Sources } from './sources.ts';
import { Tokens } from './tokens.ts';
import { ValueParser } from './value.ts';

/** How a source is compiled. */
export interface ParseOptions extends IncludeOptions {
  /** Path of the source, for errors and includes. */
  readonly file?: string;
  /** Physical id of the boot CPU (dtc's `-b`). Default: the `reg` of the first node in `/cpus`, else 0. */
  readonly bootCpu?: number;
}

/** A tree that was compiled from a source. */
export interface Dts extends Tree {
  /** Paths of the nodes that have labels. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * Compiles a source: the language of dtc 1.6 and 1.7 (Devicetree Specification v0.4, chapter 6) without overlays
 * (`/plugin/`). The errors are those of dtc by default; there are no warnings. A source of bytes is read as Latin-1,
 * because names and strings are bytes.
 *
 * ```ts
 * const { root } = parseDts('/dts-v1/; / { model = "IBM,9009-42A"; };');
 * ```
 *
 * @throws InputError with file, line, column and an excerpt; without an excerpt if the source is no text
 */
export function parseDts(source: string | Uint8Array, options: ParseOptions = {}): Dts {
  const sources = new Sources();
  const includer = new Includer(sources, options);
  const outermost = sources.add(options.file, textOf(source));
  const tokens = new Tokens(new Lexer(sources, outermost, includer), sources);
  const definitions = new DefinitionParser(tokens, new ValueParser(tokens, includer));
  header(tokens, outermost);
  const reservations = reserved(tokens);
  tokens.expect('symbol', '"/", the root node', '/');
  const tree = new DraftTree(definitions.parse('', tokens.current.at, NO_LABELS));
  while (!tokens.is('end')) define(tokens, definitions, tree);
  const { root, bootCpu, labels } = resolve(tree, sources);
  return { root, reservations, bootCpu: options.bootCpu ?? bootCpu, labels };
}

function header(tokens: Tokens, { path, text }: Source): void {
  const hint = 'begin the source with /dts-v1/;';
  if (!tokens.is('directive', '/dts-v1/')) {
    // No excerpt of binary data.
    if (text.includes('\0')) {
      const where = { ...(path !== undefined && { file: path }), offset: 0, line: 1, column: 1 };
      throw new InputError('neither a blob nor a source', where, {
        hint: 'a blob begins with the bytes d0 0d fe ed, a source with /dts-v1/;',
      });
    }
    throw tokens.error('this is not a source of version 1', tokens.current.at, { hint });
  }
  while (tokens.skip('directive', '/dts-v1/')) tokens.symbol(';');
  if (tokens.is('directive', '/plugin/')) {
    throw tokens.error('overlays (/plugin/) are not supported', tokens.current.at, {
      hint: 'apply the overlay with fdtoverlay, and read the result',
    });
  }
}

function reserved(tokens: Tokens): Reservation[] {
  const found: Reservation[] = [];
  for (;;) {
    const labelled = tokens.is('label');
    while (tokens.is('label')) tokens.take();
    if (labelled) tokens.expect('directive', '/memreserve/', '/memreserve/');
    else if (!tokens.skip('directive', '/memreserve/')) return found;
    found.push({ address: parseInteger(tokens), size: parseInteger(tokens) });
    tokens.symbol(';');
  }
}

/** Parses one definition or directive after the first root node. */
function define(tokens: Tokens, definitions: DefinitionParser, tree: DraftTree): void {
  const { at } = tokens.current;
  if (tokens.skip('symbol', '/')) tree.merge(tree.root, definitions.parse('', at, NO_LABELS));
  else if (tokens.skip('directive', '/delete-node/')) {
    tree.remove(referred(tokens, tree));
    tokens.symbol(';');
  } else if (tokens.skip('directive', '/omit-if-no-ref/')) {
    referred(tokens, tree).omittable = true;
    tokens.symbol(';');
  } else {
    const label = tokens.is('label') ? tokens.take() : undefined;
    const node = referred(tokens, tree);
    tree.merge(node, definitions.parse(node.name, at, label ? new Set([label.text]) : NO_LABELS));
  }
}

function referred(tokens: Tokens, tree: DraftTree): DraftNode {
  const reference = tokens.expect('reference', 'a reference such as &label, or "/"');
  const [node, other] = tree.find(reference.text);
  if (node === undefined) throw tokens.error(noSuchNode(reference.text), reference.at);
  if (other !== undefined) throw tokens.error(`several nodes have the label ${reference.text}`, reference.at);
  return node;
}
