import { defineMemo, RunCache } from '../../base/index.ts';
import type { Tree } from '../../devicetree/index.ts';
import {
  findRtasFunction,
  type GuestMemory,
  type RtasCall,
  type RtasWorkArea,
  rtasStatus,
  WORK_AREA_SIZE,
  wordAt,
  workAreaFunctions,
} from '../../papr/index.ts';
import type { Firmware } from '../firmware.ts';
import { connectorsByIndex } from '../serve/configure-connector.ts';
import { plainContext, type WorkAreaServer } from '../serve/context.ts';
import { type FindUpdate, servers } from '../serve/servers.ts';
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

/** Answers the calls of one migration that are about a node or a connector of the decision, or start with no subject. */
interface Answers {
  /** By the name of the function. */
  readonly serve: ReadonlyMap<string, WorkAreaServer>;
  /** Phandles of the updates, and indexes of the connectors: the reconciler answers for these, the firmware for others. */
  readonly subjects: Readonly<Record<NonNullable<RtasWorkArea['subject']>, ReadonlyMap<number, unknown>>>;
}

/**
 * Stands between a firmware and a kernel and gives the kernel updates where firmware deletes a node and adds it back.
 *
 * On the first `ibm,update-nodes` of a migration the firmware is asked for everything it has to say, connectors included;
 * the kernel is then told what `decide` makes of it. If the firmware's list does not come to its end, the kernel gets the
 * status that ended it and nothing of the list: half of a list may be deletes whose adds are in the other half.
 *
 * @param live  the tree that the kernel has when the first migration begins; later ones are kept account of
 * @param cache shared by many runs; absent: its own
 */
export function reconcile(firmware: Firmware, live: Tree, cache = new RunCache()): ReconcilingFirmware {
  const { tokens } = firmware;
  const names = cache.get(namesByToken, tokens);
  const notes: ReconcileNote[] = [];
  let tree = live;
  let answers: Answers | undefined;

  function begin(): number {
    const collected = collectMessages(firmware);
    if (!collected.ok) {
      notes.push({ kind: 'failed', subject: 'ibm,update-nodes', text: collected.failure });
      return collected.status;
    }
    const { decision, after } = settle(collected.messages, tree, cache);
    notes.push(...decision.notes);
    tree = after;
    answers = answer(decision, cache);
    return rtasStatus.success;
  }

  function serve(name: string, { args, nret }: RtasCall, memory: GuestMemory): number | undefined {
    const known = findRtasFunction(name);
    if (!known?.workArea || args.length !== known.args.length || nret !== known.nret) return undefined;
    const [address = 0, argument = 0] = args;
    const head = headOf(memory, address);
    if (head === undefined) return undefined;
    const { subject } = known.workArea;
    if (subject !== undefined && !answers?.subjects[subject].has(head)) return undefined;
    if (subject === undefined) {
      if (name !== 'ibm,update-nodes' || (argument | 0) !== 1) return undefined;
      const status = head === 0 ? begin() : rtasStatus.success;
      if (status !== rtasStatus.success) return status;
    }
    return answers?.serve.get(name)?.(memory, address, argument);
  }

  function call(call: RtasCall, memory: GuestMemory): readonly number[] {
    const name = names.get(call.token) ?? '';
    // A new migration: what was decided for the last one no longer answers anything.
    if (name === 'ibm,suspend-me') answers = undefined;
    const status = serve(name, call, memory);
    return status === undefined ? firmware.call(call, memory) : [status];
  }

  const hcall: Firmware['hcall'] = (opcode, args) => firmware.hcall(opcode, args);
  const allNotes = () => notes;
  return { tokens, notes: allNotes, hcall, call };
}

/** What was decided on what was collected. */
interface Settled {
  readonly messages: CollectedMessages;
  readonly decision: Decision;
  /** The tree of a kernel that did as it was told. */
  readonly after: Tree;
}

/** What was settled last for a tree: in most runs of a search firmware says what it said in the run before. */
const lastSettled = defineMemo((_: Tree): { settled?: Settled } => ({}));

function settle(messages: CollectedMessages, live: Tree, cache: RunCache): Settled {
  const last = cache.get(lastSettled, live);
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

const updatesByPhandle = defineMemo(
  ({ updates }: Decision) => new Map(updates.map((message) => [message.phandle, message])),
);

function answer(decision: Decision, cache: RunCache): Answers {
  const updates = cache.get(updatesByPhandle, decision);
  const find: FindUpdate = (phandle) => updates.get(phandle);
  const serve = new Map<string, WorkAreaServer>();
  for (const name of workAreaFunctions)
    serve.set(name, servers[name]({ messages: decision, find }, plainContext(cache)));
  return { serve, subjects: { phandle: updates, 'drc index': cache.get(connectorsByIndex, decision.adds) } };
}
