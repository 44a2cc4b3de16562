import type { Rule } from '../rule.ts';

export const deviceWithoutNode: Rule = {
  name: 'device-without-node',
  severity: 'damage',
  title: 'nodeless device',
  why: 'The device is on the VIO bus and has no link to a node, so no driver can be bound to it again.',
  remedy: 'Restart the partition; the bus reads the tree at boot only.',
  fixedIn: [],
  check: ({ after, before }) => {
    const old = new Set(
      before?.devices.filter(({ ofNode }) => ofNode.state === 'absent').map(({ name }) => name),
    );
    return after.devices
      .filter(({ name, ofNode }) => ofNode.state === 'absent' && !old.has(name))
      .map(({ name }) => ({
        subject: `/sys/devices/vio/${name}`,
        message: 'it has no of_node link',
        evidence: [],
      }));
  },
};
