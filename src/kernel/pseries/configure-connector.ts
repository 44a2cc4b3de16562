import { connectorStatus, textAt } from '../../papr/index.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR } from '../core/log.ts';
import { givePage, PAGE_SIZE, type Page, takePage } from '../core/pages.ts';
import { nullDereference, outOfBounds } from '../core/warn.ts';
import { type DeviceNode, LiveProperty } from '../of/device-node.ts';
import { directoryOf } from '../of/sysfs-directory.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { isBusy, RTAS_UNKNOWN_SERVICE, rtasBusyDelay, rtasCall, rtasToken } from './rtas.ts';
import type { WorkArea } from './rtas-state.ts';

/** Offsets of struct cc_workarea. */
const DRC_INDEX = 0;
const NAME_OFFSET = 8;
const PROP_LENGTH = 12;
const PROP_OFFSET = 16;

const ownFrames = ['dlpar_configure_connector'];

/** The three pointers in which the kernel keeps its place in a sequence of replies. */
interface Progress {
  first: DeviceNode | null;
  last: DeviceNode | null;
  lastProperty: LiveProperty | null;
}

/**
 * dlpar_configure_connector(): builds a subtree from the replies of ibm,configure-connector. Nothing is attached. As in the
 * kernel:
 *
 * - each next-child replaces the child of the last node, so the second of two children loses the first;
 * - one pointer to the last property serves all nodes;
 * - previous-parent can lead out of the subtree into the live tree.
 *
 * @param drcIndex as the update-nodes list has it
 * @returns the subtree's root, or `null` after an error, which is logged
 */
export function* configureConnector(
  k: PseriesKernel,
  drcIndex: number,
  parent: DeviceNode,
): Flow<DeviceNode | null> {
  const token = rtasToken(k, 'ibm,configure-connector');
  if (token === RTAS_UNKNOWN_SERVICE) return null;
  const area = new ConnectorArea(k, drcIndex);
  const progress: Progress = { first: null, last: null, lastProperty: null };
  for (;;) {
    if (k.scheduler.contended) yield 'ibm,configure-connector';
    const status = area.call(token);
    if (isBusy(status)) {
      yield* rtasBusyDelay(k, status);
      continue;
    }
    if (status === connectorStatus.complete) break;
    if (takeDelivery(k, status, area.page, progress, parent)) continue;
    k.log.print(KERN_ERR, k.release.lines.connectorError.text(status));
    if (progress.first) freeConnectorNodes(progress.first);
    progress.first = null;
    break;
  }
  area.free();
  return progress.first;
}

/** The page in which firmware keeps its place. Up to v6.1 it is copied to rtas_data_buf and back for each call. */
class ConnectorArea {
  readonly page: Page;
  readonly #k: PseriesKernel;
  readonly #own: WorkArea | undefined;

  constructor(k: PseriesKernel, drcIndex: number) {
    this.#k = k;
    this.#own = k.release.connectorWorkArea === 'own' ? k.rtas.takeWorkArea() : undefined;
    this.page = this.#own?.page ?? takePage();
    this.page.view.setUint32(DRC_INDEX, drcIndex);
  }

  call(token: number): number {
    if (this.#own) return rtasCall(this.#k, token, [this.#own.address, 0]);
    const { address, page } = this.#k.rtas.dataBuf;
    page.bytes.set(this.page.bytes);
    const status = rtasCall(this.#k, token, [address, 0]);
    this.page.bytes.set(page.bytes);
    return status;
  }

  free(): void {
    if (this.#own) this.#k.rtas.giveWorkArea(this.#own);
    else givePage(this.page);
  }
}

/** @returns whether the status delivers a node, a property or a return to the parent */
function takeDelivery(
  k: PseriesKernel,
  status: number,
  page: Page,
  progress: Progress,
  parent: DeviceNode,
): boolean {
  switch (status) {
    case connectorStatus.nextSibling:
      takeSibling(k, progress, makeNode(k, page));
      return true;
    case connectorStatus.nextChild:
      takeChild(progress, makeNode(k, page), parent);
      return true;
    case connectorStatus.nextProperty:
      takeProperty(k, progress, makeProperty(k, page));
      return true;
    case connectorStatus.previousParent:
      if (!progress.last) nullDereference(k, ownFrames);
      progress.last = progress.last.parent;
      return true;
    default:
      return false;
  }
}

function takeSibling(k: PseriesKernel, progress: Progress, np: DeviceNode): void {
  if (!progress.last) nullDereference(k, ownFrames);
  np.parent = progress.last.parent;
  keepDirectory(progress.last.parent);
  progress.last.sibling = np;
  progress.last = np;
}

function takeChild(progress: Progress, np: DeviceNode, parent: DeviceNode): void {
  if (!progress.first) {
    np.parent = parent;
    progress.first = np;
  } else {
    np.parent = progress.last;
    keepDirectory(progress.last);
    if (progress.last) progress.last.child = np;
  }
  progress.last = np;
}

/** If firmware leads out of the subtree, the lists of a live node are overwritten. Its sysfs directory does not change, so the
 * index is created before. */
function keepDirectory(np: DeviceNode | null): void {
  if (np?.inSysfs) directoryOf(np);
}

function takeProperty(k: PseriesKernel, progress: Progress, property: LiveProperty): void {
  if (!progress.last) nullDereference(k, ownFrames);
  if (!progress.last.properties) progress.last.properties = property;
  else if (progress.lastProperty) progress.lastProperty.next = property;
  else nullDereference(k, ownFrames);
  progress.lastProperty = property;
}

/** dlpar_parse_cc_node(). The node is not marked as detached. It has no name and no phandle until it is attached. */
function makeNode(k: PseriesKernel, { bytes, view }: Page): DeviceNode {
  return k.of.create(stringAt(k, bytes, view.getUint32(NAME_OFFSET), 'dlpar_parse_cc_node'));
}

/** dlpar_parse_cc_property(). */
function makeProperty(k: PseriesKernel, { bytes, view }: Page): LiveProperty {
  const name = stringAt(k, bytes, view.getUint32(NAME_OFFSET), 'dlpar_parse_cc_property');
  const length = view.getUint32(PROP_LENGTH);
  const offset = view.getUint32(PROP_OFFSET);
  if (offset + length > PAGE_SIZE)
    outOfBounds(k, `size ${length}`, ['kmemdup', 'dlpar_parse_cc_property', ...ownFrames]);
  return new LiveProperty(name, bytes.slice(offset, offset + length));
}

function stringAt(k: PseriesKernel, bytes: Uint8Array, offset: number, reader: string): string {
  const end = offset < PAGE_SIZE ? bytes.indexOf(0, offset) : -1;
  if (end < 0) outOfBounds(k, 'size 1', ['kstrdup', reader, ...ownFrames]);
  return textAt(bytes, offset, end);
}

/** dlpar_free_cc_nodes(): frees nodes that were never attached, regardless of their counts. */
export function freeConnectorNodes(root: DeviceNode): void {
  const work = [root];
  for (let np = work.pop(); np; np = work.pop()) {
    if (np.sibling) work.push(np.sibling);
    if (np.child) work.push(np.child);
    np.discarded = true;
    np.properties = null;
  }
}
