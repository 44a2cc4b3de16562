import { fixes } from '../fixes.ts';
import type { Rule } from '../rule.ts';

export const danglingLink: Rule = {
  name: 'dangling-link',
  severity: 'damage',
  title: 'dangling link',
  why: 'The device refers to a node that is no longer in the tree: tools that follow the link fail, and the device keeps the old node alive.',
  remedy:
    'Restart the partition; until then do not read devspec of these devices (that is what trips over the node that is gone).',
  fixedIn: [fixes.ignoresFacilities],
  check: ({ after }) =>
    after.devices.flatMap((device) =>
      device.ofNode.state === 'dangling'
        ? [
            {
              subject: `/sys/devices/vio/${device.name}/of_node`,
              message: `broken symbolic link to ${device.ofNode.target}`,
              evidence: [],
            },
          ]
        : [],
    ),
};
