import { DESCRIPTORS_OFFSET, STATUS_MORE, textAt } from '../../papr/index.ts';
import { EINVAL, ENOMEM } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_DEBUG, KERN_ERR } from '../core/log.ts';
import { givePage, PAGE_SIZE, type Page, takePage } from '../core/pages.ts';
import { outOfBounds } from '../core/warn.ts';
import { type DeviceNode, findProperty, LiveProperty } from '../of/device-node.ts';
import { nodeName } from '../of/print.ts';
import { ofRemoveProperty, ofUpdateProperty } from '../of/property.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { mobilityRtasCall, RTAS_UNKNOWN_SERVICE, rtasToken, spend } from './rtas.ts';

const NPROPS = 16;
const NAME_ONLY = 0;
const REMOVE = 0x8000_0000;
const PARTIAL = 0x8000_0000;

const ownFrames = ['update_dt_node', 'pseries_devicetree_update'];

/** Limit of kmalloc() on a kernel with pages of 64 KiB. */
const KMALLOC_MAX_SIZE = 16 << 20;

/** A property received in parts, which are joined after the last one. */
interface Pending {
  readonly name: string;
  readonly parts: Uint8Array[];
  length: number;
}

/** The position in a node's descriptors, kept over all calls. */
interface Cursor {
  readonly page: Page;
  /** Offset of the next byte. Like the kernel's pointer it can be behind the page. */
  at: number;
  pending: Pending | null;
}

/**
 * update_dt_node(): gets a node's changes from ibm,update-properties and applies them. As in the kernel:
 *
 * - descriptors without a value change nothing;
 * - every status that is not negative is success, and only 1 means that more follows;
 * - a reply whose first byte is zero is taken to start with a path. If it has none, one property too few is read, and a count
 *   of zero underflows to 0xffffffff;
 * - a part of a property is joined to the parts before it, and moves the cursor 4 GiB ahead unless it is the last.
 */
export function* updateNode(k: PseriesKernel, node: DeviceNode, scope: number): Flow<number> {
  const token = rtasToken(k, 'ibm,update-properties');
  if (token === RTAS_UNKNOWN_SERVICE) return -EINVAL;
  const page = takePage();
  page.view.setUint32(0, node.phandle);
  const cursor: Cursor = { page, at: 0, pending: null };
  for (;;) {
    if (k.scheduler.contended) yield 'ibm,update-properties';
    const status = mobilityRtasCall(k, token, page, scope);
    if (status < 0) break;
    yield* readDescriptors(k, node, cursor);
    if (k.scheduler.contended) yield 'cond_resched in update_dt_node';
    if (status !== STATUS_MORE) break;
  }
  givePage(page);
  return 0;
}

function* readDescriptors(k: PseriesKernel, node: DeviceNode, cursor: Cursor): Flow<void> {
  let left = cursor.page.view.getUint32(NPROPS);
  cursor.at = DESCRIPTORS_OFFSET;
  if (cursor.page.bytes[cursor.at] === 0) {
    cursor.at++;
    const length = readWord(k, cursor);
    cursor.at += length;
    left = (left - 1) >>> 0;
  }
  for (; left > 0; left--) {
    spend(k, 1);
    yield* readDescriptor(k, node, cursor);
    if (k.scheduler.contended) yield 'cond_resched in update_dt_node';
  }
}

function* readDescriptor(k: PseriesKernel, node: DeviceNode, cursor: Cursor): Flow<void> {
  const name = readName(k, cursor);
  const descriptor = readWord(k, cursor);
  if (descriptor === NAME_ONLY) return;
  if (descriptor === REMOVE) {
    yield* ofRemoveProperty(k, node, findProperty(node, name));
    cursor.pending = null;
    return;
  }
  const isPart = descriptor >= PARTIAL;
  const length = isPart ? 0x1_0000_0000 - descriptor : descriptor;
  const property = takePart(k, cursor, name, length);
  cursor.at += descriptor;
  if (isPart || !property) return;
  cursor.pending = null;
  if (k.debug) k.log.print(KERN_DEBUG, k.release.lines.propertyUpdated.text(nodeName(k, node), name));
  yield* ofUpdateProperty(k, node, new LiveProperty(property.name, join(property)));
}

/**
 * The first half of update_dt_property(): the value is appended to earlier parts, under the name of the first part.
 * @returns `null` without memory, which is logged; earlier parts stay
 */
function takePart(k: PseriesKernel, cursor: Cursor, name: string, length: number): Pending | null {
  const pending = cursor.pending ?? { name, parts: [], length: 0 };
  if (pending.length + length > KMALLOC_MAX_SIZE) {
    k.log.print(KERN_ERR, k.release.lines.propertyFailed.text(name, -ENOMEM));
    return null;
  }
  pending.parts.push(readValue(k, cursor, length));
  pending.length += length;
  cursor.pending = pending;
  return pending;
}

function join({ parts, length }: Pending): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function readName(k: PseriesKernel, cursor: Cursor): string {
  const { bytes } = cursor.page;
  const end = cursor.at < PAGE_SIZE ? bytes.indexOf(0, cursor.at) : -1;
  if (end < 0) outOfBounds(k, 'size 1', ['strlen', ...ownFrames]);
  const name = textAt(bytes, cursor.at, end);
  cursor.at = end + 1;
  return name;
}

function readWord(k: PseriesKernel, cursor: Cursor): number {
  if (cursor.at + 4 > PAGE_SIZE) outOfBounds(k, 'size 4', ownFrames);
  const word = cursor.page.view.getUint32(cursor.at);
  cursor.at += 4;
  return word;
}

/** The cursor stays: the kernel adds the descriptor to its pointer, not the length. */
function readValue(k: PseriesKernel, cursor: Cursor, length: number): Uint8Array {
  if (cursor.at + length > PAGE_SIZE) outOfBounds(k, `size ${length}`, ['update_dt_property', ...ownFrames]);
  return cursor.page.bytes.slice(cursor.at, cursor.at + length);
}
