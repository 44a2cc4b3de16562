import { describeValue, findByPath, property, sameBytes, type TreeNode } from '../../devicetree/index.ts';
import { driverFacts, staleProperties, type VioDevice } from '../../partition/index.ts';
import type { Rule, RuleFinding } from '../rule.ts';

export const probeOnlyProperty: Rule = {
  name: 'probe-only-property',
  severity: 'stale',
  title: 'probe-only property',
  why: 'The property changed while a driver was bound that reads it only when it is bound. The driver uses the old value, and the new hardware may refuse its requests.',
  remedy:
    'Unbind the device from its driver and bind it again (/sys/bus/vio/drivers/…/unbind, bind), or reload the driver.',
  fixedIn: [],
  check: ({ after, before }) => {
    if (!before) return [];
    // If the driver's own values are known, driver-kept-old-value compares them.
    const reported = new Set(after.drivers.map((state) => state.device));
    return after.devices.flatMap((device) => {
      const wasBound = before.devices.some(
        ({ name, driver }) => name === device.name && driver === device.driver,
      );
      const path = `/ibm,platform-facilities/${device.name}`;
      const [old, now] = [findByPath(before.tree, path), findByPath(after.tree, path)];
      return wasBound && old && now && !reported.has(device.name) ? changed(device, path, old, now) : [];
    });
  },
};

function changed({ driver }: VioDevice, path: string, old: TreeNode, now: TreeNode): RuleFinding[] {
  const facts = driverFacts(driver);
  const names = facts ? staleProperties(facts) : [];
  return names.flatMap((name) => {
    const [was, is] = [property(old, name), property(now, name)];
    if (was && is ? sameBytes(was.value, is.value) : was === is) return [];
    const show = (one: typeof was, node: TreeNode) =>
      one ? describeValue(one, { node }).text || '(empty)' : 'absent';
    return [
      {
        subject: `${path}:${name}`,
        message: `it has changed under ${driver}`,
        evidence: [`driver: ${show(was, old)}`, `tree:   ${show(is, now)}`],
      },
    ];
  });
}
