/** Parses the body of a node, with the bodies of its children. */

import { type DraftNode, draftNode, type Labels, NO_LABELS, NOTHING } from './draft.ts';
import type { Token } from './token.ts';
import type { Tokens } from './tokens.ts';
import type { ValueParser } from './value.ts';

/** Labels and directives before the name of a node or property. */
interface Prefix {
  readonly labels: Labels;
  readonly omittable: boolean;
}

/** Parses nodes with an explicit stack, so the depth of nesting is not limited. */
export class DefinitionParser {
  readonly #tokens: Tokens;
  readonly #values: ValueParser;

  constructor(tokens: Tokens, values: ValueParser) {
    this.#tokens = tokens;
    this.#values = values;
  }

  /** Parses `{ … };`, the definition of a node; `at` is the position of its name. */
  parse(name: string, at: number, labels: Labels): DraftNode {
    const tokens = this.#tokens;
    const top = draftNode(name, at, labels);
    tokens.symbol('{');
    for (let node: DraftNode | undefined = top; node !== undefined; ) {
      if (tokens.skip('symbol', '}')) {
        tokens.symbol(';');
        node = node.parent;
      } else node = this.#item(node);
    }
    return top;
  }

  /** Parses one property, child or deletion; returns the node to continue with. */
  #item(node: DraftNode): DraftNode {
    const tokens = this.#tokens;
    const prefix = this.#prefix();
    if (tokens.is('directive', '/delete-property/')) this.#deleteProperty(node, prefix);
    else if (tokens.skip('directive', '/delete-node/')) {
      const { text, at } = tokens.expect('name', 'the name of a node');
      this.#addChild(node, text, at, prefix).deleted = true;
      tokens.symbol(';');
    } else {
      const name = tokens.expect('name', 'a property, a node or "}"');
      if (!tokens.skip('symbol', '{')) this.#property(node, name, prefix);
      else return this.#addChild(node, name.text, name.at, prefix);
    }
    return node;
  }

  #prefix(): Prefix {
    const tokens = this.#tokens;
    let labels: Set<string> | undefined;
    let omittable = false;
    for (;;) {
      if (tokens.skip('directive', '/omit-if-no-ref/')) omittable = true;
      else if (tokens.is('label')) {
        labels ??= new Set();
        labels.add(tokens.take().text);
      } else return { labels: labels ?? NO_LABELS, omittable };
    }
  }

  #addChild(node: DraftNode, name: string, at: number, prefix: Prefix): DraftNode {
    const child = draftNode(name, at, prefix.labels);
    child.parent = node;
    child.omittable = prefix.omittable;
    node.children.append(child);
    return child;
  }

  #deleteProperty(node: DraftNode, prefix: Prefix): void {
    const tokens = this.#tokens;
    this.#checkPlace(node, tokens.take(), prefix);
    const { text, at } = tokens.expect('name', 'the name of a property');
    node.properties.append({ name: text, at, labels: prefix.labels, content: NOTHING, deleted: true });
    tokens.symbol(';');
  }

  #property(node: DraftNode, name: Token, prefix: Prefix): void {
    const tokens = this.#tokens;
    const { text, at } = name;
    if (!tokens.is('symbol', '=') && !tokens.is('symbol', ';')) throw tokens.unexpected('"=", "{" or ";"');
    this.#checkPlace(node, name, prefix);
    const content = tokens.skip('symbol', '=') ? this.#values.parse() : NOTHING;
    node.properties.append({ name: text, at, labels: prefix.labels, content, deleted: false });
    tokens.symbol(';');
  }

  #checkPlace(node: DraftNode, { at }: Token, { omittable }: Prefix): void {
    const tokens = this.#tokens;
    if (omittable) throw tokens.error('/omit-if-no-ref/ is for nodes only', at);
    if (node.children.all.length > 0) {
      throw tokens.error('properties must precede subnodes', at, {
        hint: 'move it up, before the first node',
      });
    }
  }
}
