import { asCells, indexByPath, property, type TreeNode } from '../../devicetree/index.ts';
import type { DriverState } from '../../partition/index.ts';
import type { Rule, RuleFinding } from '../rule.ts';

/**
 * The limits that nx-842 takes from its node, as its probe does (nx-common-pseries.c `nx842_OF_upd_maxsyncop` and
 * `nx842_OF_upd_maxsglen`, v6.1): the smaller of compression and decompression, bounded by what the driver can handle.
 */
function compressionLimits(node: TreeNode): Readonly<Record<string, number>> | undefined {
  const sync = property(node, 'ibm,max-sync-cop');
  const length = property(node, 'ibm,max-sg-len');
  const cells = sync && asCells(sync.value);
  const [, size = 0, entries = 0, , size2 = 0, entries2 = 0] = cells ?? [];
  const [sgLength] = (length && asCells(length.value)) ?? [];
  if (cells?.length !== 6 || sgLength === undefined) return undefined;
  return {
    max_sync_size: Math.min(size, size2, 65536),
    max_sync_sg: Math.min(entries, entries2),
    max_sg_len: Math.min(sgLength, 4096),
  };
}

export const driverKeptOldValue: Rule = {
  name: 'driver-kept-old-value',
  severity: 'stale',
  title: 'outdated driver',
  why: 'The tree has the new value, but the driver works with the one it read when it was bound: its requests may be refused by the new hardware.',
  remedy:
    'Unbind the device from its driver and bind it again (/sys/bus/vio/drivers/…/unbind, bind), or load the driver anew.',
  fixedIn: null,
  check: ({ after }) => {
    const live = indexByPath(after.tree);
    return after.drivers.flatMap((state): RuleFinding[] => {
      const node = live.get(`/ibm,platform-facilities/${state.device}`);
      const limits = node && state.driver.startsWith('nx-compress') && compressionLimits(node);
      return limits ? differences(state, limits) : [];
    });
  },
};

function differences(state: DriverState, wanted: Readonly<Record<string, number>>): RuleFinding[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const inForce = state.values[name];
    if (inForce === undefined || inForce === value) return [];
    return [
      {
        subject: `/ibm,platform-facilities/${state.device}`,
        message: `${state.driver} works with ${name} ${inForce}, its node says ${value}`,
        evidence: [],
      },
    ];
  });
}
