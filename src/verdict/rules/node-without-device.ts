import { asCells, child, property, type TreeNode } from '../../devicetree/index.ts';
import type { VioDevice } from '../../partition/index.ts';
import type { Rule, RuleFinding } from '../rule.ts';

export const nodeWithoutDevice: Rule = {
  name: 'node-without-device',
  severity: 'warning',
  title: 'deviceless node',
  why: 'The node describes a device that the VIO bus does not have. Hardware of the new server stays unused, because the bus reads the tree at boot only.',
  remedy: 'Restart the partition to use the device.',
  fixedIn: [],
  check: ({ after, before }) => {
    // An observation without devices has not read the bus.
    if (after.devices.length === 0) return [];
    const old = new Set(before ? missing(before.tree.root, before.devices) : []);
    return missing(after.tree.root, after.devices)
      .filter((path) => !old.has(path))
      .map(
        (path): RuleFinding => ({
          subject: path,
          message: 'the VIO bus has no device for it',
          evidence: [],
        }),
      );
  },
};

/** Paths of nodes that vio.c makes a device of at boot (`vio_register_device_node`, v5.10 to v7.2), and that have none. */
function missing(root: TreeNode, devices: readonly VioDevice[]): string[] {
  const names = new Set(devices.map((device) => device.name));
  const facilities = (child(root, 'ibm,platform-facilities')?.children ?? [])
    .filter((node) => !property(node, 'interrupt-controller') && !names.has(withoutUnit(node.name)))
    .map((node) => `/ibm,platform-facilities/${node.name}`);
  // Devices below /vdevice are named by their unit; an observation that shows none of them shows facilities only.
  if (!devices.some(({ name }) => /^[0-9a-f]+$/.test(name))) return facilities;
  const others = (child(root, 'vdevice')?.children ?? []).filter((node) => {
    const [unit] = asCells(property(node, 'reg')?.value) ?? [];
    return unit !== undefined && property(node, 'device_type') && !names.has(unit.toString(16));
  });
  return [...facilities, ...others.map((node) => `/vdevice/${node.name}`)];
}

function withoutUnit(name: string): string {
  return name.replace(/@.*/s, '');
}
