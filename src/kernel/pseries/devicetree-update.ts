import { nodeOpcodes, STATUS_MORE } from '../../papr/index.ts';
import { EINVAL } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_WARNING } from '../core/log.ts';
import { givePage, PAGE_SIZE, type Page, takePage } from '../core/pages.ts';
import { outOfBounds } from '../core/warn.ts';
import { findByPhandle } from '../of/find.ts';
import { ofNodePut } from '../of/reference.ts';
import { updateNode } from './node-update.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { mobilityRtasCall, RTAS_UNKNOWN_SERVICE, rtasToken, spend } from './rtas.ts';

/** The list starts after the state word and three reserved words. */
const FIRST_WORD = 4;
const COUNT_MASK = 0x00ff_ffff;
const LAST_WORD = PAGE_SIZE / 4 - 1;

const lookup = 'lookup in pseries_devicetree_update';

/**
 * pseries_devicetree_update(): reads the lists of ibm,update-nodes word by word and applies each message immediately. As in
 * the kernel:
 *
 * - a list ends only at a word whose top byte is zero;
 * - an add has two words, but of an add with an unknown parent only one is consumed, so its drc index is read as the next
 *   phandle or operator;
 * - a status other than 0 and 1 ends the update before its end.
 *
 * @returns 0 or the status that ended the update
 */
export function* pseriesDevicetreeUpdate(k: PseriesKernel, scope: number): Flow<number> {
  if (k.policy.update) return yield* k.policy.update(k, scope);
  const token = rtasToken(k, 'ibm,update-nodes');
  if (token === RTAS_UNKNOWN_SERVICE) return k.release.needsUpdateNodes ? -EINVAL : 0;
  const page = takePage();
  let status: number;
  do {
    k.ledger.step('update-nodes');
    if (k.scheduler.contended) yield 'ibm,update-nodes';
    status = mobilityRtasCall(k, token, page, scope);
    if (status !== 0 && status !== STATUS_MORE) break;
    yield* readLists(k, page, scope);
  } while (status === STATUS_MORE);
  givePage(page);
  return status;
}

function* readLists(k: PseriesKernel, page: Page, scope: number): Flow<void> {
  let at = FIRST_WORD;
  for (let operator = word(k, page, at++); operator >>> 24; operator = word(k, page, at++)) {
    const opcode = operator >>> 24;
    for (let count = operator & COUNT_MASK; count > 0; count--) {
      const phandle = word(k, page, at++);
      k.ledger.step('update-nodes');
      const node = findByPhandle(k, phandle, lookup);
      if (!node) {
        spend(k, 10);
        const action = (opcode << 24) >>> 0;
        k.log.print(KERN_WARNING, k.release.lines.lookupFailed.text(phandle, action));
        continue;
      }
      if (opcode === nodeOpcodes.delete) {
        k.ledger.step('delete', node);
        yield* k.policy.deleteNode(k, node);
      } else if (opcode === nodeOpcodes.update) {
        k.ledger.step('update', node);
        yield* updateNode(k, node, scope);
      } else if (opcode === nodeOpcodes.add) {
        k.ledger.step('add under', node);
        yield* k.policy.addNode(k, node, word(k, page, at++));
      }
      ofNodePut(k, node, lookup, ['pseries_devicetree_update']);
      if (k.scheduler.contended) yield 'cond_resched in pseries_devicetree_update';
    }
  }
}

/** A word of the list. The kernel does not check the end of the page. */
function word(k: PseriesKernel, page: Page, index: number): number {
  if (index > LAST_WORD) outOfBounds(k, 'size 4', ['pseries_devicetree_update']);
  return page.view.getUint32(4 * index);
}
