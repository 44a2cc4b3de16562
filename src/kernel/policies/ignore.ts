import type { Flow } from '../core/flow.ts';
import { KERN_NOTICE } from '../core/log.ts';
import { type DeviceNode, isType } from '../of/device-node.ts';
import { getParent } from '../of/find.ts';
import { nodeName, nodeNameAndPhandle } from '../of/print.ts';
import { ofNodePut } from '../of/reference.ts';
import { configureConnector, freeConnectorNodes } from '../pseries/configure-connector.ts';
import { attachAdded, obeyDelete } from '../pseries/mobility-nodes.ts';
import type { Policy, PseriesKernel } from '../pseries/pseries-kernel.ts';

const facilities = 'ibm,platform-facilities';
const lookup = 'lookup in delete_dt_node';

/**
 * mobility.c since commit 319fa1a52e43 (v5.16). It looks at the type of the node and of its parent, so it knows the
 * facilities' children when they are deleted, but not when one of them is added by itself.
 */
export const ignore: Policy = {
  name: 'ignore',
  since: 'v5.16; 5.10.145 and later stable releases',
  explanation: 'ignores deletes and adds of platform-facilities, obeys all others',

  *deleteNode(k: PseriesKernel, node: DeviceNode): Flow<void> {
    const parent = getParent(k, node, lookup);
    const ofFacilities = isType(node, facilities) || isType(parent, facilities);
    if (parent) ofNodePut(k, parent, lookup, ['delete_dt_node']);
    if (!ofFacilities) yield* obeyDelete(k, node);
    else k.log.print(KERN_NOTICE, `mobility: ignoring remove operation for ${nodeNameAndPhandle(k, node)}`);
  },

  *addNode(k: PseriesKernel, parent: DeviceNode, drcIndex: number): Flow<void> {
    const node = yield* configureConnector(k, drcIndex, parent);
    if (!node) return;
    if (!isType(node, facilities)) {
      yield* attachAdded(k, node, parent);
      return;
    }
    k.log.print(KERN_NOTICE, `mobility: ignoring add operation for ${nodeName(k, node)}`);
    freeConnectorNodes(node);
  },
};
