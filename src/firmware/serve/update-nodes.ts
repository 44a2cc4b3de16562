import { defineMemo } from '../../base/index.ts';
import {
  encodeUpdateNodes,
  type NodeOperation,
  nodeOpcodes,
  rtasStatus,
  STATUS_MORE,
  WORK_AREA_SIZE,
  wordAt,
} from '../../papr/index.ts';
import type { FaultName } from '../faults.ts';
import type { Messages } from '../plan.ts';
import { chooseCount, isZeroFrom, type ServeContext, type WorkAreaServer } from './context.ts';

/** Words of a page for operators and operands: without the first four words and the zero word at the end. */
const ROOM = WORK_AREA_SIZE / 4 - 4 - 1;

const listFaults: ReadonlySet<FaultName> = new Set([
  'truncated-list',
  'missing-terminator',
  'full-list',
  'add-count-in-words',
]);

/**
 * Serves `ibm,update-nodes`: sends the messages of the plan in order, and fills the work area in each reply. If more follow,
 * the state word is the number of messages sent so far.
 */
export function serveUpdateNodes(
  plan: Messages,
  { chooser, injector, limits, cache }: ServeContext,
): WorkAreaServer {
  const total = plan.deletes.length + plan.updates.length + plan.adds.length;
  let sent = 0;
  return (memory, address) => {
    const head = memory.read(address, 16);
    const state = wordAt(head, 0);
    if ((state !== 0 && state !== sent) || !isZeroFrom(head, 4)) return rtasStatus.parameterError;
    const count = chooseCount(fitting(plan, state), limits.nodes, chooser, 'cut ibm,update-nodes');
    const page = pageOf(cache.get(pagesOf, plan), plan, state, count);
    const injected = injector.inject(listFaults, { function: 'ibm,update-nodes' });
    memory.write(
      address,
      injected ? injectListFault(page.bytes.slice(), injected.fault, page.last) : page.bytes,
    );
    sent = state + count < total ? state + count : 0;
    return sent === 0 ? rtasStatus.success : STATUS_MORE;
  };
}

/** A reply. */
interface Page {
  readonly bytes: Uint8Array;
  /** Its last list. */
  readonly last: NodeOperation | undefined;
}

const pagesOf = defineMemo((_: Messages) => new Map<number, Page>());
const MAX_PAGES = 1000;

function pageOf(pages: Map<number, Page>, plan: Messages, from: number, count: number): Page {
  const key = from * ROOM + count;
  let page = pages.get(key);
  if (page === undefined) {
    if (pages.size === MAX_PAGES) pages.clear();
    page = makePage(plan, from, count);
    pages.set(key, page);
  }
  return page;
}

function makePage(plan: Messages, from: number, count: number): Page {
  const next = from + count;
  const total = plan.deletes.length + plan.updates.length + plan.adds.length;
  const operations = operationsOf(plan, from, next);
  const bytes = encodeUpdateNodes({ state: next < total ? next : 0, operations });
  return { bytes, last: operations.at(-1) };
}

/** How many messages fit a page, from this one on. */
function fitting({ deletes, updates, adds }: Messages, from: number): number {
  let left = ROOM;
  let start = from;
  let fit = 0;
  for (const { length, size } of [
    { length: deletes.length, size: 1 },
    { length: updates.length, size: 1 },
    { length: adds.length, size: 2 },
  ]) {
    const available = length - start;
    start = Math.max(0, start - length);
    if (available <= 0) continue;
    const room = Math.floor((left - 1) / size);
    if (room < available) return fit + Math.max(0, room);
    fit += available;
    left -= 1 + available * size;
  }
  return fit;
}

function operationsOf({ deletes, updates, adds }: Messages, from: number, to: number): NodeOperation[] {
  const operations: NodeOperation[] = [];
  const part = <T>(messages: readonly T[], before: number): readonly T[] =>
    messages.slice(Math.max(0, from - before), Math.max(0, to - before));
  const deleted = part(deletes, 0);
  const updated = part(updates, deletes.length);
  const pairs = part(adds, deletes.length + updates.length);
  if (deleted.length > 0)
    operations.push({ operation: 'delete', phandles: deleted.map((message) => message.phandle) });
  if (updated.length > 0)
    operations.push({ operation: 'update', phandles: updated.map((message) => message.phandle) });
  if (pairs.length > 0) operations.push({ operation: 'add', pairs });
  return operations;
}

/**
 * Changes the end of a reply.
 * @param last the last list of the reply, directly before its zero word
 */
function injectListFault(bytes: Uint8Array, fault: FaultName, last: NodeOperation | undefined): Uint8Array {
  const end = bytes.length - 4;
  const operands =
    last === undefined ? 0 : last.operation === 'add' ? 2 * last.pairs.length : last.phandles.length;
  switch (fault) {
    case 'truncated-list':
      return bytes.fill(0, end - 4 * Math.ceil(operands / 2));
    case 'missing-terminator':
      return bytes.subarray(0, end);
    case 'full-list': {
      const page = new Uint8Array(WORK_AREA_SIZE);
      page.set(bytes);
      for (let at = end; at < WORK_AREA_SIZE; at += 4) page[at] = nodeOpcodes.add;
      return page;
    }
    default: // add-count-in-words
      if (last?.operation === 'add')
        new DataView(bytes.buffer).setUint32(end - 4 * operands - 4, (nodeOpcodes.add << 24) | operands);
      return bytes;
  }
}
