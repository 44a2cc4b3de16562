import { defineMemo } from '../../base/index.ts';
import {
  DESCRIPTORS_OFFSET,
  descriptorSize,
  encodeUpdateProperties,
  type GuestMemory,
  type PropertyDescriptor,
  rtasStatus,
  STATUS_MORE,
  WORK_AREA_SIZE,
  wordAt,
} from '../../papr/index.ts';
import type { FaultName } from '../faults.ts';
import type { PropertyChange, UpdateMessage } from '../plan.ts';
import { chooseCount, isZeroFrom, type ServeContext, type WorkAreaServer } from './context.ts';

const ROOM = WORK_AREA_SIZE - DESCRIPTORS_OFFSET;

const emptyReply: ReadonlySet<FaultName> = new Set(['empty-property-reply']);
const partialFirst: ReadonlySet<FaultName> = new Set(['partial-first']);

/** The position in the sequence of one node. */
interface Cursor {
  readonly message: UpdateMessage;
  /** The remaining changes. */
  left: readonly PropertyChange[];
  /** The state word of the last reply. */
  state: number;
}

/**
 * Serves `ibm,update-properties`: the path first, then in each reply as many properties as fit. A property that is larger
 * than a work area starts as the last one of a reply, and continues in the next.
 *
 * @param find the update of a node; undefined for a phandle without a node (status -3)
 */
export function serveUpdateProperties(
  find: (phandle: number) => UpdateMessage | undefined,
  work: ServeContext,
): WorkAreaServer {
  const cursors = new Map<number, Cursor>();

  return (memory, address) => {
    const head = memory.read(address, 16);
    const phandle = wordAt(head, 0);
    const state = wordAt(head, 4);
    if (!isZeroFrom(head, 8)) return rtasStatus.parameterError;
    if (state !== 0) {
      const cursor = cursors.get(phandle);
      return cursor?.state === state ? sendReply(cursor, memory, address) : rtasStatus.parameterError;
    }
    const message = find(phandle);
    if (message === undefined) return rtasStatus.parameterError;
    const place = { function: 'ibm,update-properties', path: message.path, phandle };
    if (work.injector.inject(emptyReply, place)) {
      // Like an unchanged work area; a kernel reads the zeros after it as a path.
      const nothing = encodeUpdateProperties({ phandle, state: 0, descriptors: [] });
      memory.write(address, Uint8Array.of(...nothing, 0, 0, 0, 0, 0));
      return rtasStatus.success;
    }
    return sendReply({ message, left: message.changes, state: 0 }, memory, address);
  };

  function sendReply(cursor: Cursor, memory: GuestMemory, address: number): number {
    const { phandle, path, changes } = cursor.message;
    const isFirst = cursor.state === 0;
    const whole = isFirst ? work.cache.get(wholeReply, cursor.message) : undefined;
    const fitting = whole ? undefined : fittingOf(cursor);
    const fit = fitting?.length ?? changes.length;
    const count = chooseCount(fit, work.limits.properties, work.chooser, 'cut ibm,update-properties');
    let split: Reply | undefined;
    if (whole && count === fit) {
      const place = { function: 'ibm,update-properties', path, phandle };
      split = work.injector.counts.length > 0 ? splitFirst(changes) : undefined;
      if (!split || !work.injector.inject(partialFirst, place)) {
        memory.write(address, whole);
        return rtasStatus.success;
      }
    }
    const { descriptors, left } = split ?? replyOf(cursor, (fitting ?? fittingOf(cursor)).slice(0, count));
    cursor.left = left;
    cursor.state = left.length === 0 ? 0 : cursor.state + 1;
    if (cursor.state === 0) cursors.delete(phandle);
    else cursors.set(phandle, cursor);
    const all = isFirst ? [pathOf(cursor.message), ...descriptors] : descriptors;
    memory.write(address, encodeUpdateProperties({ phandle, state: cursor.state, descriptors: all }));
    return cursor.state === 0 ? rtasStatus.success : STATUS_MORE;
  }
}

function pathOf({ path }: UpdateMessage): PropertyDescriptor {
  return { kind: 'path', path };
}

/** The single reply of a node whose changes fit a page; undefined if they do not. */
const wholeReply = defineMemo((message: UpdateMessage): Uint8Array | undefined => {
  const fitting = fittingOf({ message, left: message.changes, state: 0 });
  if (fitting.length < message.changes.length || fitting.at(-1)?.kind === 'partial') return undefined;
  return encodeUpdateProperties({
    phandle: message.phandle,
    state: 0,
    descriptors: [pathOf(message), ...fitting],
  });
});

/** The descriptors of the remaining changes that fit the next reply, without the path. */
function fittingOf({ message, left, state }: Cursor): PropertyDescriptor[] {
  const fitting: PropertyDescriptor[] = [];
  let room = state === 0 ? ROOM - descriptorSize(pathOf(message)) : ROOM;
  for (const change of left) {
    const whole = descriptorOf(change);
    const size = descriptorSize(whole);
    if (size <= room) {
      fitting.push(whole);
      room -= size;
      continue;
    }
    if (size > ROOM && whole.kind === 'value') {
      const part = room - (size - whole.value.length);
      if (part > 0) fitting.push({ kind: 'partial', name: whole.name, value: whole.value.subarray(0, part) });
    }
    break;
  }
  return fitting;
}

/** A reply without its path, and the changes that remain after it. */
interface Reply {
  readonly descriptors: readonly PropertyDescriptor[];
  readonly left: readonly PropertyChange[];
}

function replyOf({ left }: Cursor, descriptors: readonly PropertyDescriptor[]): Reply {
  const last = descriptors.at(-1);
  if (last?.kind !== 'partial') return { descriptors, left: left.slice(descriptors.length) };
  const [partial, ...rest] = left.slice(descriptors.length - 1);
  const value = partial?.value?.subarray(last.value.length) ?? null;
  return { descriptors, left: [{ name: last.name, value }, ...rest] };
}

function descriptorOf({ name, value }: PropertyChange): PropertyDescriptor {
  if (value === null) return { kind: 'deleted', name };
  return value.length === 0 ? { kind: 'empty', name } : { kind: 'value', name, value };
}

/**
 * Splits the first property that has at least two bytes and is not the last. LoPAR permits a partial property at this
 * position, Linux does not. Undefined if there is no such property.
 */
function splitFirst(changes: readonly PropertyChange[]): Reply | undefined {
  const at = changes.findIndex(({ value }, index) => value && value.length > 1 && index < changes.length - 1);
  const change = changes[at];
  if (!change?.value) return undefined;
  const { name, value } = change;
  const half = value.length >> 1;
  const partial: PropertyDescriptor = { kind: 'partial', name, value: value.subarray(0, half) };
  return {
    descriptors: changes.map(descriptorOf).with(at, partial),
    left: [{ name, value: value.subarray(half) }],
  };
}
