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

/** Reconcilers with one defect each, which a search must find. */
export const doubles: Readonly<
  Record<string, (firmware: SimulatedFirmware, live: Tree) => ReconcilingFirmware>
> = {
  'forgets the type check': (firmware, live) =>
    reconcileBy(firmware, live, (collected) =>
      decide(
        withAdds(collected, (node) => likeItsNamesake(node, live)),
        live,
      ),
    ),
  'matches by path': (firmware, live) =>
    reconcileBy(firmware, live, (collected) =>
      decide(
        withAdds(collected, (node, path) => withPhandleAt(node, path, live)),
        live,
      ),
    ),
  'sends adds before deletes are known': (firmware, live) =>
    reconcileBy(firmware, live, (collected) => {
      const early = decide({ ...collected, deletes: [] }, live);
      const late = decide({ ...collected, updates: [], adds: [] }, live);
      return { ...early, deletes: late.deletes };
    }),
  'drops a continuation': (firmware, live) =>
    reconcileBy(cutShort(firmware), live, (collected) => decide(collected, live)),
};

function reconcileBy(
  firmware: Firmware,
  live: Tree,
  by: (collected: CollectedMessages) => Decision,
): ReconcilingFirmware {
  const names = new Map(Array.from(firmware.tokens, ([name, token]) => [token, name]));
  let served: SimulatedFirmware | undefined;
  const begin = () => {
    const all = collectMessages(firmware);
    if (!all.ok) return undefined;
    const plan = { ...by(all.messages), style: 'properties', scope: 1, unreported: [] } as const;
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
      if (!reconciledFunctions.has(name)) return firmware.call(call, memory);
      served ??= begin();
      return (served ?? firmware).call(call, memory);
    },
  };
}

const reconciledFunctions = new Set(['ibm,update-nodes', 'ibm,update-properties', 'ibm,configure-connector']);

function none(): never {
  throw new Error('ibm,suspend-me has no work area');
}

/** Ends the list after the first reply. */
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
  collected: CollectedMessages,
  change: (node: TreeNode, path: string) => TreeNode,
): CollectedMessages {
  const each = (node: TreeNode, path: string): TreeNode => ({
    ...change(node, path),
    children: node.children.map((child) => each(child, joinPath(path, child.name))),
  });
  return {
    ...collected,
    adds: collected.adds.map((add) => ({
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
