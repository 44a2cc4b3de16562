import {
  bootPhandle,
  node,
  type Property,
  property,
  type Tree,
  type TreeNode,
  tree,
} from '../../src/devicetree/index.ts';
import type { PropertyChange } from '../../src/firmware/index.ts';
import {
  createMemory,
  decodeConnector,
  decodeUpdateNodes,
  decodeUpdateProperties,
  encodeArgumentBlock,
  encodeConnectorCall,
  enterRtas,
  type Rtas,
} from '../../src/papr/index.ts';

/** Physical addresses of the argument block and of a work area in the memory below. */
const BLOCK = 0x1000;
export const AREA = 0x26d0000;

/** An endless loop of calls of a broken firmware must fail the test, not hang it. */
const MAX_CALLS = 1_000_000;

/** A partition as firmware sees it: it calls through argument blocks in memory and does not clear pages between calls. */
export function createCaller(rtas: Rtas) {
  const block = { address: BLOCK, bytes: new Uint8Array(4096) };
  const area = { address: AREA, bytes: new Uint8Array(4096) };
  const memory = createMemory([block, area]);
  const statuses: number[] = [];
  let left = MAX_CALLS;

  /** Calls a function by name, or by its token as a decimal number. */
  function call(name: string, ...args: readonly number[]): number {
    if (left-- === 0) throw new Error(`${name} does not end`);
    const token = rtas.tokens.get(name) ?? Number(name);
    memory.write(BLOCK, encodeArgumentBlock({ token, args, nret: 1 }));
    const [status = Number.NaN] = enterRtas(rtas, memory, BLOCK).rets;
    statuses.push(status);
    return status;
  }

  /** Fills the page for a first call. */
  function fill(front: Uint8Array): void {
    area.bytes.fill(0);
    area.bytes.set(front);
  }

  return { call, fill, area: area.bytes, memory, statuses };
}

export interface Received {
  readonly deletes: readonly number[];
  /** In the order received; partial values are joined. */
  readonly updates: readonly { phandle: number; path: string; changes: readonly PropertyChange[] }[];
  readonly adds: readonly { parent: number; node: TreeNode | undefined }[];
}

/** Receives all messages of a migration like a kernel: the details of each message directly after it. */
export function receiveAll(rtas: Rtas): Received {
  const { call, fill, area } = createCaller(rtas);
  const deletes: number[] = [];
  const updates: Received['updates'][number][] = [];
  const adds: Received['adds'][number][] = [];
  let page = new Uint8Array(4096);
  for (let status = 1; status === 1; ) {
    fill(page);
    status = call('ibm,update-nodes', AREA, 1);
    if (status !== 0 && status !== 1) throw new Error(`ibm,update-nodes: ${status}`);
    page = area.slice();
    for (const list of decodeUpdateNodes(page).operations) {
      if (list.operation === 'delete') deletes.push(...list.phandles);
      else if (list.operation === 'update')
        updates.push(...list.phandles.map((phandle) => readProperties(rtas, phandle)));
      else
        for (const { parent, drcIndex } of list.pairs)
          adds.push({ parent, node: readConnector(rtas, drcIndex) });
    }
  }
  return { deletes, updates, adds };
}

export function readProperties(rtas: Rtas, phandle: number): Received['updates'][number] {
  const { call, fill, area } = createCaller(rtas);
  const first = new Uint8Array(4);
  new DataView(first.buffer).setUint32(0, phandle);
  fill(first);
  const changes: PropertyChange[] = [];
  let path: string | undefined;
  let begun: { name: string; value: readonly number[] } | undefined;
  for (let status = 1; status === 1; ) {
    status = call('ibm,update-properties', AREA, 1);
    if (status !== 0 && status !== 1) throw new Error(`ibm,update-properties ${phandle}: ${status}`);
    const { descriptors } = decodeUpdateProperties(area.slice());
    for (const [index, descriptor] of descriptors.entries()) {
      if (descriptor.kind === 'path') {
        if (path !== undefined || index !== 0) throw new Error('path again');
        path = descriptor.path;
        continue;
      }
      const { kind, name } = descriptor;
      if (begun && begun.name !== name) throw new Error(`${name} while ${begun.name} is not complete`);
      if (kind === 'deleted') changes.push({ name, value: null });
      else if (kind === 'empty') changes.push({ name, value: new Uint8Array(0) });
      else {
        const value = [...(begun?.value ?? []), ...descriptor.value];
        begun = kind === 'partial' ? { name, value } : undefined;
        if (kind === 'value') changes.push({ name, value: Uint8Array.from(value) });
      }
    }
  }
  if (path === undefined || begun) throw new Error('no path, or a property without end');
  return { phandle, path, changes };
}

/** The subtree of a connector, by the protocol of LoPAR; undefined if the connector is rejected. */
export function readConnector(rtas: Rtas, drcIndex: number): TreeNode | undefined {
  const { call, fill, area } = createCaller(rtas);
  fill(encodeConnectorCall(drcIndex));
  interface Growing {
    readonly name: string;
    readonly properties: Property[];
    readonly children: Growing[];
  }
  const above: Growing[] = [{ name: 'above', properties: [], children: [] }];
  let last: Growing | undefined;
  for (;;) {
    const status = call('ibm,configure-connector', AREA, 0);
    if (status < 0 || status > 4) return undefined;
    const { item } = decodeConnector(status, area.slice());
    if (item.status === 1 || item.status === 2) {
      if (item.status === 2 && last) above.push(last);
      last = { name: item.name, properties: [], children: [] };
      above.at(-1)?.children.push(last);
    } else if (item.status === 3) last?.properties.push({ name: item.name, value: item.value });
    else if (item.status === 4) last = above.pop();
    else return above[0]?.children[0];
  }
}

/** Applies the messages to a tree; throws if a message does not apply. */
export function rebuild(before: Tree, received: Received): Tree {
  interface Live {
    name: string;
    properties: Map<string, Uint8Array>;
    children: Live[];
    parent: Live | undefined;
  }
  const byPhandle = new Map<number, Live>();
  const grow = (from: TreeNode, parent: Live | undefined): Live => {
    const live: Live = { name: from.name, properties: new Map(), children: [], parent };
    for (const { name, value } of from.properties) live.properties.set(name, value);
    live.children = from.children.map((below) => grow(below, live));
    byPhandle.set(bootPhandle(from), live);
    return live;
  };
  const at = (phandle: number) => {
    const found = byPhandle.get(phandle);
    if (found === undefined) throw new Error(`no node ${phandle.toString(16)}`);
    return found;
  };
  const root = grow(before.root, undefined);
  for (const phandle of received.deletes) {
    const { parent, children } = at(phandle);
    if (children.length > 0) throw new Error(`${phandle.toString(16)} is deleted before its children`);
    if (parent) parent.children = parent.children.filter((each) => each !== byPhandle.get(phandle));
    byPhandle.delete(phandle);
  }
  for (const { phandle, changes } of received.updates) {
    const { properties } = at(phandle);
    for (const { name, value } of changes) {
      if (value === null) properties.delete(name);
      else properties.set(name, value);
    }
  }
  for (const { parent, node: added } of received.adds) {
    if (added === undefined) throw new Error('a connector was refused');
    const above = at(parent);
    above.children.push(grow(added, above));
  }
  const settle = ({ name, properties, children }: Live): TreeNode =>
    node(
      name,
      Array.from(properties, ([name, value]) => ({ name, value })),
      children.map(settle),
    );
  return tree(settle(root));
}

/** A tree without what messages do not report: order, and the implied `name` and phandle properties. */
export function essence(of: Tree): TreeNode {
  const settle = (from: TreeNode): TreeNode => {
    const name = property(from, 'name')?.value;
    const isImplied = name && Buffer.from(name).toString('latin1') === `${from.name.split('@')[0]}\0`;
    const properties = from.properties.filter((each) => each.name !== 'name' || !isImplied);
    return node(
      from.name,
      properties.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      from.children.map(settle).toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    );
  };
  return settle(of.root);
}

/** Suspends, as the first step of a migration. */
export function suspend(rtas: Rtas): void {
  const status = createCaller(rtas).call('ibm,suspend-me');
  if (status !== 0) throw new Error(`ibm,suspend-me: ${status}`);
}
