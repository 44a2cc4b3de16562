import { memoize } from '../../base/index.ts';
import { firstChooser } from '../../choice/index.ts';
import type { Tree } from '../../devicetree/index.ts';
import { type GuestMemory, type RtasCall, rtasStatus, WORK_AREA_SIZE, wordAt } from '../../papr/index.ts';
import { createFaultInjector } from '../fault-injector.ts';
import type { Firmware } from '../firmware.ts';
import { connectorsOf, serveConfigureConnector } from '../serve/configure-connector.ts';
import type { ServeContext, WorkAreaServer } from '../serve/context.ts';
import { serveUpdateNodes } from '../serve/update-nodes.ts';
import { serveUpdateProperties } from '../serve/update-properties.ts';
import { namesByToken } from '../tokens.ts';
import { applyMessages } from './apply-messages.ts';
import { collectMessages } from './collect.ts';
import type { CollectedMessages } from './collected.ts';
import { type Decision, decide } from './decide.ts';
import type { ReconcileNote } from './note.ts';
import { sameMessages } from './same-messages.ts';

/** A firmware with a reconciler in front of it. */
export interface ReconcilingFirmware extends Firmware {
  /** What was not handed on as it came, of all migrations so far. */
  notes(): readonly ReconcileNote[];
}

/** What one migration's calls are answered with. */
interface Answers {
  readonly nodes: WorkAreaServer;
  readonly properties: Server;
  readonly connectors: Server;
}

/** What answers for nodes of some phandles, or for connectors of some indices. */
interface Server {
  readonly keys: Pick<ReadonlySet<number>, 'has'>;
  readonly serve: WorkAreaServer;
}

const reconciled = new Set(['ibm,update-nodes', 'ibm,update-properties', 'ibm,configure-connector']);

const work: ServeContext = {
  chooser: firstChooser,
  injector: createFaultInjector([], firstChooser),
  limits: {},
};

/**
 * Stands between a firmware and a kernel and gives the kernel updates where firmware deletes a node and adds it back.
 *
 * On the first `ibm,update-nodes` of a migration the firmware is asked for everything it has to say, connectors included;
 * the kernel is then told what `decide` makes of it. If the firmware's list does not come to its end, the kernel gets the
 * status that ended it and nothing of the list: half of a list may be deletes whose adds are in the other half.
 *
 * @param live the tree that the kernel has when the first migration begins; later ones are kept account of
 */
export function reconcile(firmware: Firmware, live: Tree): ReconcilingFirmware {
  const { tokens } = firmware;
  const names = namesByToken(tokens);
  const notes: ReconcileNote[] = [];
  let tree = live;
  let answers: Answers | undefined;

  function begin(): number {
    const collected = collectMessages(firmware);
    if (!collected.ok) {
      notes.push({ kind: 'failed', subject: 'ibm,update-nodes', text: collected.failure });
      return collected.status;
    }
    const { decision, after } = settle(collected.messages, tree);
    notes.push(...decision.notes);
    tree = after;
    answers = answer(decision);
    return rtasStatus.success;
  }

  function serve(name: string, { args, nret }: RtasCall, memory: GuestMemory): number | undefined {
    const [address = 0, argument = 0] = args;
    const head = headOf(memory, address);
    if (head === undefined || args.length !== 2 || nret !== 1) return undefined;
    if (name === 'ibm,update-nodes') {
      if ((argument | 0) !== 1) return undefined;
      const status = head === 0 ? begin() : rtasStatus.success;
      return status === rtasStatus.success ? answers?.nodes(memory, address, argument) : status;
    }
    // What was decided answers for its own nodes and connectors; all others are still the firmware's.
    const server = name === 'ibm,update-properties' ? answers?.properties : answers?.connectors;
    return server?.keys.has(head) ? server.serve(memory, address, argument) : undefined;
  }

  function call(call: RtasCall, memory: GuestMemory): readonly number[] {
    const name = names.get(call.token) ?? '';
    // A new migration: what was decided for the last one no longer answers anything.
    if (name === 'ibm,suspend-me') answers = undefined;
    const status = reconciled.has(name) ? serve(name, call, memory) : undefined;
    return status === undefined ? firmware.call(call, memory) : [status];
  }

  const hcall: Firmware['hcall'] = (opcode, args) => firmware.hcall(opcode, args);
  const told = () => notes;
  return { tokens, notes: told, hcall, call };
}

/** What was decided on what was collected. */
interface Settled {
  readonly messages: CollectedMessages;
  readonly decision: Decision;
  /** The tree of a kernel that did as it was told. */
  readonly after: Tree;
}

/** What was settled last for a tree: in most runs of a search firmware says what it said in the run before. */
const lastSettled = memoize((_: Tree): { settled?: Settled } => ({}));

function settle(messages: CollectedMessages, live: Tree): Settled {
  const last = lastSettled(live);
  if (last.settled === undefined || !sameMessages(last.settled.messages, messages)) {
    const decision = decide(messages, live);
    last.settled = { messages, decision, after: applyMessages(live, decision) };
  }
  return last.settled;
}

/** First word of a work area; undefined where there is no memory, which is the firmware's to refuse. */
function headOf(memory: GuestMemory, address: number): number | undefined {
  try {
    return wordAt(memory.read(address, WORK_AREA_SIZE), 0);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const updatesOf = memoize(
  ({ updates }: Decision) => new Map(updates.map((message) => [message.phandle, message])),
);

function answer(decision: Decision): Answers {
  const updates = updatesOf(decision);
  return {
    nodes: serveUpdateNodes(decision, work),
    properties: {
      keys: updates,
      serve: serveUpdateProperties((phandle) => updates.get(phandle), work),
    },
    connectors: {
      keys: connectorsOf(decision.adds),
      serve: serveConfigureConnector(decision.adds, work),
    },
  };
}
