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

/** A firmware with a reconciler. */
export interface ReconcilingFirmware extends Firmware {
  /** What was not passed on unchanged, in all migrations so far. */
  notes(): readonly ReconcileNote[];
}

/** The replies of one migration, made from the decision. */
interface Answers {
  /** By the name of the function. */
  readonly serve: ReadonlyMap<string, WorkAreaServer>;
  /** Phandles of the updates, and indexes of the connectors: the reconciler answers for these, the firmware for others. */
  readonly subjects: Readonly<Record<NonNullable<RtasWorkArea['subject']>, ReadonlyMap<number, unknown>>>;
}

/**
 * Wraps a firmware and gives the kernel updates where the firmware deletes a node and adds it back.
 *
 * On the first `ibm,update-nodes` of a migration, all messages of the firmware are collected, with all connectors. The
 * kernel then receives the messages of `decide`. If the list of nodes fails, the kernel receives its status and no
 * messages: half of a list can have deletes whose adds are in the other half.
 *
 * ```ts
 * const firmware = reconcile(createFirmware({ trees: [before, after] }), before);
 * ```
 *
 * @param live  the kernel's tree at the start of the first migration; the reconciler derives those of later migrations
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
    const { decision, after } = decideOnce(collected.messages, tree, cache);
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
    // A new migration: the decision of the last one is obsolete.
    if (name === 'ibm,suspend-me') answers = undefined;
    const status = serve(name, call, memory);
    return status === undefined ? firmware.call(call, memory) : [status];
  }

  const hcall: Firmware['hcall'] = (opcode, args) => firmware.hcall(opcode, args);
  const allNotes = () => notes;
  return { tokens, notes: allNotes, hcall, call };
}

/** A decision, with the messages it was made for. */
interface DecidedMigration {
  readonly messages: CollectedMessages;
  readonly decision: Decision;
  /** The tree of a kernel that applied the decision. */
  readonly after: Tree;
}

/** The last decision for each tree: in most runs of a search the messages are those of the previous run. */
const lastDecided = defineMemo((_: Tree): { decided?: DecidedMigration } => ({}));

function decideOnce(messages: CollectedMessages, live: Tree, cache: RunCache): DecidedMigration {
  const last = cache.get(lastDecided, live);
  if (last.decided === undefined || !sameMessages(last.decided.messages, messages)) {
    const decision = decide(messages, live);
    last.decided = { messages, decision, after: applyMessages(live, decision) };
  }
  return last.decided;
}

/** First word of a work area; undefined if the address is not memory, which the firmware rejects. */
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
