import { fixedIn, ignoresFacilities } from '../../partition/index.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_NOTICE } from '../core/log.ts';
import { type DeviceNode, isType } from '../of/device-node.ts';
import { getParent } from '../of/find.ts';
import { nodeName } from '../of/print.ts';
import { ofNodePut } from '../of/reference.ts';
import { configureConnector, freeConnectorNodes } from '../pseries/configure-connector.ts';
import { applyDelete, attachAdded } from '../pseries/mobility-nodes.ts';
import type { Policy, PseriesKernel } from '../pseries/pseries-kernel.ts';

const facilities = 'ibm,platform-facilities';
const lookup = 'lookup in delete_dt_node';

/**
 * mobility.c since commit 319fa1a52e43 (v5.16). It checks the type of the node and of its parent, so it
 * recognises deletes of the facilities' children, but not an add of a single child.
 */
export const ignore: Policy = {
  name: 'ignore',
  since: `v${fixedIn(ignoresFacilities)}`,
  explanation: 'ignores deletes and adds of platform-facilities, applies all others',

  *deleteNode(k: PseriesKernel, node: DeviceNode): Flow<void> {
    const parent = getParent(k, node, lookup);
    const ofFacilities = isType(node, facilities) || isType(parent, facilities);
    if (parent) ofNodePut(k, parent, lookup, ['delete_dt_node']);
    if (!ofFacilities) yield* applyDelete(k, node);
    else k.log.print(KERN_NOTICE, k.release.lines.removeIgnored.text(nodeName(k, node), node.phandle));
  },

  *addNode(k: PseriesKernel, parent: DeviceNode, drcIndex: number): Flow<void> {
    const node = yield* configureConnector(k, drcIndex, parent);
    if (!node) return;
    if (!isType(node, facilities)) {
      yield* attachAdded(k, node, parent);
      return;
    }
    k.log.print(KERN_NOTICE, k.release.lines.addIgnored.text(nodeName(k, node)));
    freeConnectorNodes(node);
  },
};
