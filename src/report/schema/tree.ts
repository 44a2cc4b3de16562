import { z } from 'zod';
import { fromHex, hexNumber, InputError, isHex, toHex } from '../../base/index.ts';
import type { Tree, TreeNode } from '../../devicetree/index.ts';
import { word } from './bytes.ts';

/** A node as JSON; properties and children keep their order. */
export interface NodeJson {
  name: string;
  /** Values as hex. */
  properties: Record<string, string>;
  children: NodeJson[];
}

/** A tree as JSON. */
export interface TreeJson {
  bootCpu: number;
  reservations: { address: string; size: string }[];
  root: NodeJson;
}

const shell = z.object({
  bootCpu: z.number(),
  reservations: z.array(z.object({ address: word, size: word })),
  root: z.unknown(),
});

/** The codec of a tree. Nodes are checked iteratively, not by a recursive schema: trees from outside may be deeper than the stack. */
export const tree = z.codec(z.unknown(), z.custom<Tree>(), {
  decode: (json, context) => {
    try {
      const { bootCpu, reservations, root } = shell.parse(json);
      return { bootCpu, reservations, root: nodeFromJson(root) };
    } catch (error) {
      if (!(error instanceof InputError || error instanceof z.ZodError)) throw error;
      const message = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : error.message;
      context.issues.push({ code: 'custom', input: undefined, message: `not a tree: ${message}` });
      return z.NEVER;
    }
  },
  encode: treeToJson,
});

/** A tree as plain JSON: values in hex, 64-bit numbers as `0x…`. */
export function treeToJson({ bootCpu, reservations, root }: Tree): TreeJson {
  return {
    bootCpu,
    reservations: reservations.map(({ address, size }) => ({
      address: hexNumber(address),
      size: hexNumber(size),
    })),
    root: nodeToJson(root),
  };
}

function nodeToJson(root: TreeNode): NodeJson {
  const bare = ({ name, properties }: TreeNode): NodeJson => ({
    name,
    properties: Object.fromEntries(properties.map(({ name, value }) => [name, toHex(value)])),
    children: [],
  });
  const top = bare(root);
  const ahead: [TreeNode, NodeJson][] = [[root, top]];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    const [node, json] = next;
    for (const child of node.children) {
      const made = bare(child);
      json.children.push(made);
      ahead.push([child, made]);
    }
  }
  return top;
}

function nodeFromJson(root: unknown): TreeNode {
  type Growing = TreeNode & { readonly children: TreeNode[] };
  const bare = (json: unknown): Growing => {
    const { name, properties } = part(json);
    if (typeof name !== 'string') throw new InputError('a node without a name');
    const pairs = Object.entries(part(properties)).map(([property, value]) => {
      if (typeof value !== 'string' || !isHex(value)) throw new InputError(`${name}:${property} is not hex`);
      return { name: property, value: fromHex(value) };
    });
    return { name, properties: pairs, children: [] };
  };
  const top = bare(root);
  const ahead: [unknown, Growing][] = [[root, top]];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    const [json, node] = next;
    const { children } = part(json);
    if (!Array.isArray(children)) throw new InputError(`${node.name} has no list of children`);
    for (const child of children) {
      const made = bare(child);
      node.children.push(made);
      ahead.push([child, made]);
    }
  }
  return top;
}

function part(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) throw new InputError('an object is missing');
  return json as Readonly<Record<string, unknown>>;
}
