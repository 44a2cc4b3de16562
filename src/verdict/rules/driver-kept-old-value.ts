import { indexByPath } from '../../devicetree/index.ts';
import { type DriverState, driverFacts } from '../../partition/index.ts';
import type { Rule, RuleFinding } from '../rule.ts';

export const driverKeptOldValue: Rule = {
  name: 'driver-kept-old-value',
  severity: 'stale',
  title: 'outdated driver',
  why: 'The tree has the new value, but the driver uses the one that it read when it was bound. The new hardware may refuse its requests.',
  remedy:
    'Unbind the device from its driver and bind it again (/sys/bus/vio/drivers/…/unbind, bind), or reload the driver.',
  fixedIn: [],
  check: ({ after }) => {
    const live = indexByPath(after.tree);
    return after.drivers.flatMap((state): RuleFinding[] => {
      const node = live.get(`/ibm,platform-facilities/${state.device}`);
      const limits = node && driverFacts(state.driver)?.valuesOf?.(node);
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
