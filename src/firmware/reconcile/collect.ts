import { InputError } from '../../base/index.ts';
import {
  createMemory,
  decodeUpdateNodes,
  decodeUpdateProperties,
  type GuestMemory,
  type NodeOperation,
  type Rtas,
  rtasStatus,
  STATUS_MORE,
  statusName,
  WORK_AREA_SIZE,
} from '../../papr/index.ts';
import type { PropertyChange } from '../plan.ts';
import { repeatBusy } from './busy.ts';
import { collectConnector } from './collect-connector.ts';
import type { CollectedAdd, CollectedMessages, CollectedUpdate } from './collected.ts';
import { prepareWorkArea } from './prepare-work-area.ts';

/** Calls of one sequence, at most; without a limit a sequence without end would hang the kernel. */
const MAX_CALLS = 100_000;

/** The result of `collectMessages`. */
export type CollectResult =
  | { readonly ok: true; readonly messages: CollectedMessages }
  /** `ibm,update-nodes` failed: its status, and the cause in words. */
  | { readonly ok: false; readonly status: number; readonly failure: string };

/**
 * Collects all messages of a firmware about a migration: the whole sequence of `ibm,update-nodes`, then the properties or
 * the connector of each node that it names. Calls are repeated while the firmware is busy. A failure of one node is noted
 * in its entry.
 */
export function collectMessages(rtas: Rtas): CollectResult {
  const memory = createMemory(2 * WORK_AREA_SIZE);
  const operations: NodeOperation[] = [];
  prepareWorkArea(memory, 0);
  for (let calls = 0; ; calls++) {
    const status =
      calls < MAX_CALLS
        ? repeatBusy(() => callTree(rtas, 'ibm,update-nodes', memory))
        : rtasStatus.hardwareError;
    if (status !== rtasStatus.success && status !== STATUS_MORE) {
      return { ok: false, status, failure: statusName('ibm,update-nodes', status) ?? `status ${status}` };
    }
    try {
      operations.push(...decodeUpdateNodes(memory.read(0, WORK_AREA_SIZE)).operations);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return {
        ok: false,
        status: rtasStatus.hardwareError,
        failure: `malformed list of nodes at byte ${error.where.offset}: ${error.message}`,
      };
    }
    if (status === rtasStatus.success) break;
  }
  const phandles = (operation: 'delete' | 'update') =>
    operations.flatMap((list) => (list.operation === operation ? list.phandles : []));
  const pairs = operations.flatMap((list) => (list.operation === 'add' ? list.pairs : []));
  const updates = phandles('update').map((phandle) => collectProperties(rtas, memory, phandle));
  const adds = pairs.map(
    (pair): CollectedAdd => ({ ...pair, ...collectConnector(rtas, memory, pair.drcIndex) }),
  );
  return { ok: true, messages: { deletes: phandles('delete'), updates, adds } };
}

function collectProperties(rtas: Rtas, memory: GuestMemory, phandle: number): CollectedUpdate {
  prepareWorkArea(memory, phandle);
  const changes: PropertyChange[] = [];
  const parts: Uint8Array[] = [];
  const end = (failure?: string): CollectedUpdate => ({
    phandle,
    changes,
    ...(failure !== undefined && { failure }),
  });
  for (let calls = 0; calls < MAX_CALLS; calls++) {
    const status = repeatBusy(() => callTree(rtas, 'ibm,update-properties', memory));
    if (status !== rtasStatus.success && status !== STATUS_MORE) {
      return end(statusName('ibm,update-properties', status) ?? `status ${status}`);
    }
    try {
      for (const descriptor of decodeUpdateProperties(memory.read(0, WORK_AREA_SIZE)).descriptors) {
        if (descriptor.kind === 'path') continue;
        const { name } = descriptor;
        if (descriptor.kind === 'partial') parts.push(descriptor.value.slice());
        else if (descriptor.kind === 'value')
          changes.push({ name, value: joined(parts.splice(0), descriptor.value) });
        else changes.push({ name, value: descriptor.kind === 'deleted' ? null : new Uint8Array(0) });
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return end(`malformed properties at byte ${error.where.offset}: ${error.message}`);
    }
    if (status === rtasStatus.success) return end(parts.length > 0 ? 'ended within a property' : undefined);
  }
  return end('did not end');
}

/** `ibm,update-nodes` and `ibm,update-properties` on the first page, scope 1. */
function callTree(
  rtas: Rtas,
  name: 'ibm,update-nodes' | 'ibm,update-properties',
  memory: GuestMemory,
): number {
  const token = rtas.tokens.get(name);
  if (token === undefined) return rtasStatus.parameterError;
  return rtas.call({ token, args: [0, 1], nret: 1 }, memory)[0] ?? rtasStatus.hardwareError;
}

function joined(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  if (parts.length === 0) return last.slice();
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, last.length));
  let at = 0;
  for (const part of [...parts, last]) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
