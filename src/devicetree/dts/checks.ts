/**
 * dtc's checks that are errors by default (1.6.1: names and their uniqueness, the property `name`, phandles). They apply to
 * a source that is read and to a tree that is printed.
 */

import { encodeLatin1, hexNumber } from '../../base/index.ts';
import { nodeName } from '../paths.ts';
import { sameBytes } from '../values.ts';

interface Named {
  readonly name: string;
  /** Position in the source; absent if there is no source. */
  readonly at?: number;
}

/** A property or child of a node. */
export interface About {
  readonly property?: Named;
  readonly child?: Named;
}

/** Makes an error about a node, or about a property or child of it. */
export type Complaint = (message: string, about?: About) => Error;

export interface Names extends Named {
  readonly properties: readonly Named[];
  /** In order, with the names of deleted items. */
  readonly children: readonly (Named & { readonly deleted?: boolean })[];
}

/** The properties in which a node has its phandle. */
export const PHANDLES: ReadonlySet<string> = new Set(['phandle', 'linux,phandle']);

const NODE_NAME = /^[a-zA-Z0-9,._+-]*(?:@[a-zA-Z0-9,._+-]*)?$/;
const PROPERTY_NAME = /^[a-zA-Z0-9,._+*#?-]+$/;

/** Checks a child's name; a root has none. */
export function checkNodeName(child: Named, complain: Complaint): void {
  if (child.name === '') throw complain('a node without a name', { child });
  if (NODE_NAME.test(child.name)) return;
  const twice = child.name.indexOf('@') !== child.name.lastIndexOf('@');
  throw complain(
    twice
      ? 'a name of a node with more than one "@"'
      : 'a name of a node with a character that may not be in one',
    { child },
  );
}

/** Checks the names of a node's properties and children. */
export function checkNames({ properties, children }: Names, complain: Complaint): void {
  const taken = new Set<string>();
  for (const property of properties) {
    if (!PROPERTY_NAME.test(property.name)) {
      throw complain('a name of a property with a character that may not be in one, or with none', {
        property,
      });
    }
    if (taken.has(property.name)) throw complain('a second property of this name', { property });
    taken.add(property.name);
  }
  const later = new Map<string, Names['children'][number]>();
  for (let index = children.length - 1; index >= 0; index -= 1) {
    const child = children[index];
    if (child === undefined) continue;
    if (!child.deleted) {
      checkNodeName(child, complain);
      const namesake = later.get(child.name);
      if (namesake && !namesake.deleted) throw complain('a second node of this name', { child: namesake });
      // For dtc this is a second node, too: `a { }; /delete-node/ a;` in one body.
      if (namesake !== undefined) throw complain('a node that is defined and deleted in one body', { child });
    }
    later.set(child.name, child);
  }
}

/** A property `name` must be the node's name without unit address; dtc omits it, because Linux adds it. */
export function checkNameProperty(
  node: Named,
  property: Named,
  value: Uint8Array,
  complain: Complaint,
): void {
  const expected = encodeLatin1(`${nodeName(node.name)}\0`);
  if (sameBytes(value, expected)) return;
  throw complain('the property "name" must be the name of its node without the unit address', { property });
}

/** The phandle in a property. */
export function explicitPhandle(property: Named, value: Uint8Array, complain: Complaint): number {
  if (value.length !== 4) throw complain(`a phandle of ${value.length} bytes instead of 4`, { property });
  const phandle = new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
  if (phandle !== 0 && phandle !== 0xffffffff) return phandle;
  throw complain(`${hexNumber(phandle)} is no phandle`, { property });
}

/** The nodes by their explicit phandles. */
export class Phandles<T> {
  readonly #holders = new Map<number, T>();
  #next = 1;

  /** Adds the phandle of a node. `linux,phandle` and `phandle` must be equal, and the phandle must be unique. */
  give(node: T, phandles: readonly number[], complain: Complaint): number {
    const [phandle = 0, other = phandle] = phandles;
    if (phandle !== other) throw complain('"phandle" and "linux,phandle" differ');
    if (phandle === 0) return 0;
    if (this.#holders.has(phandle)) throw complain(`a second node with the phandle ${hexNumber(phandle)}`);
    this.#holders.set(phandle, node);
    return phandle;
  }

  /** The lowest phandle that no node has, counted from 1. */
  allocate(node: T): number {
    while (this.#holders.has(this.#next)) this.#next += 1;
    this.#holders.set(this.#next, node);
    return this.#next;
  }
}
