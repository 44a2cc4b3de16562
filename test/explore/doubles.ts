import type { Tree } from '../../src/devicetree/index.ts';
import {
  cells,
  indexByPath,
  joinPath,
  type Property,
  property,
  type TreeNode,
  walk,
} from '../../src/devicetree/index.ts';
import {
  type CollectedMessages,
  collectMessages,
  createFirmware,
  type Decision,
  decide,
  type Firmware,
  type ReconcilingFirmware,
  type SimulatedFirmware,
} from '../../src/firmware/index.ts';
import { rtasFunctions, STATUS_MORE } from '../../src/papr/index.ts';

/** Reconcilers that are wrong, each in one way: what a search is worth is whether it finds that out. */
export const doubles: Readonly<
  Record<string, (firmware: SimulatedFirmware, live: Tree) => ReconcilingFirmware>
> = {
  'forgets the type check': (firmware, live) =>
    reconcileBy(firmware, live, (heard) =>
      decide(
        withAdds(heard, (node) => likeItsNamesake(node, live)),
        live,
      ),
    ),
  'matches by path': (firmware, live) =>
    reconcileBy(firmware, live, (heard) =>
      decide(
        withAdds(heard, (node, path) => withPhandleAt(node, path, live)),
        live,
      ),
    ),
  'sends adds before deletes are known': (firmware, live) =>
    reconcileBy(firmware, live, (heard) => {
      const early = decide({ ...heard, deletes: [] }, live);
      const late = decide({ ...heard, updates: [], adds: [] }, live);
      return { ...early, deletes: late.deletes };
    }),
  'drops a continuation': (firmware, live) =>
    reconcileBy(cutShort(firmware), live, (heard) => decide(heard, live)),
};

function reconcileBy(
  firmware: Firmware,
  live: Tree,
  by: (heard: CollectedMessages) => Decision,
): ReconcilingFirmware {
  const names = new Map(Array.from(firmware.tokens, ([name, token]) => [token, name]));
  let served: SimulatedFirmware | undefined;
  const begin = () => {
    const collected = collectMessages(firmware);
    if (!collected.ok) return undefined;
    const plan = { ...by(collected.messages), style: 'properties', scope: 1, unreported: [] } as const;
    const next = createFirmware({ trees: [live, live], plans: [plan], permitForbidden: true });
    next.call(
      { token: next.tokens.get('ibm,suspend-me') ?? 0, args: [], nret: 1 },
      { read: none, write: none },
    );
    return next;
  };
  return {
    tokens: firmware.tokens,
    notes: () => [],
    hcall: (opcode, args) => firmware.hcall(opcode, args),
    call(call, memory) {
      const name = names.get(call.token) ?? '';
      if (name === 'ibm,suspend-me') served = undefined;
      if (!told.has(name)) return firmware.call(call, memory);
      served ??= begin();
      return (served ?? firmware).call(call, memory);
    },
  };
}

const told = new Set(['ibm,update-nodes', 'ibm,update-properties', 'ibm,configure-connector']);

function none(): never {
  throw new Error('ibm,suspend-me has no work area');
}

/** Takes the first reply for the whole list. */
function cutShort(firmware: Firmware): Firmware {
  const token = firmware.tokens.get('ibm,update-nodes');
  return {
    tokens: firmware.tokens,
    hcall: (opcode, args) => firmware.hcall(opcode, args),
    call(call, memory) {
      const rets = firmware.call(call, memory);
      const isMore =
        call.token === token && call.args.length === rtasFunctions['ibm,update-nodes'].args.length;
      return isMore && rets[0] === STATUS_MORE ? [0, ...rets.slice(1)] : rets;
    },
  };
}

function withAdds(
  heard: CollectedMessages,
  change: (node: TreeNode, path: string) => TreeNode,
): CollectedMessages {
  const each = (node: TreeNode, path: string): TreeNode => ({
    ...change(node, path),
    children: node.children.map((child) => each(child, joinPath(path, child.name))),
  });
  return {
    ...heard,
    adds: heard.adds.map((add) => ({
      ...add,
      nodes: add.nodes.map((node) => each(node, `/${node.name}`)),
    })),
  };
}

const identity = ['device_type', 'compatible'];

function likeItsNamesake(node: TreeNode, live: Tree): TreeNode {
  const phandle = property(node, 'ibm,phandle');
  const there = Array.from(walk(live), (located) => located.node).find(
    (each) =>
      phandle &&
      Buffer.compare(property(each, 'ibm,phandle')?.value ?? new Uint8Array(), phandle.value) === 0,
  );
  if (!there) return node;
  const kept = node.properties.filter(({ name }) => !identity.includes(name));
  const own = there.properties.filter(({ name }) => identity.includes(name));
  return { ...node, properties: [...kept, ...own] };
}

function withPhandleAt(node: TreeNode, path: string, live: Tree): TreeNode {
  const there = indexByPath(live).get(path);
  const phandle: Property | undefined = there && property(there, 'ibm,phandle');
  if (!phandle) return node;
  const others = node.properties.filter(({ name }) => name !== 'ibm,phandle');
  return {
    ...node,
    properties: [...others, cells('ibm,phandle', Buffer.from(phandle.value).readUInt32BE())],
  };
}
