import { fixes } from '../fixes.ts';
import type { Rule } from '../rule.ts';

export const danglingLink: Rule = {
  name: 'dangling-link',
  severity: 'damage',
  title: 'dangling link',
  why: 'The device refers to a node that is no longer in the tree. Tools that follow the link fail, and the device keeps the old node allocated.',
  remedy:
    'Restart the partition. Until then do not read devspec of these devices, which uses the detached node.',
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
