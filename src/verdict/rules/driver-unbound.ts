import type { Rule } from '../rule.ts';

export const driverUnbound: Rule = {
  name: 'driver-unbound',
  severity: 'damage',
  title: 'unbound driver',
  why: 'The device had a driver before the migration and has none now. The service of the driver is gone.',
  remedy: 'Bind the device again (/sys/bus/vio/drivers/…/bind); if its node is gone, restart the partition.',
  fixedIn: [],
  check: ({ before, after }) => {
    const drivers = new Map(after.devices.map((device) => [device.name, device.driver]));
    return (before?.devices ?? []).flatMap((device) =>
      device.driver === null || drivers.get(device.name) === device.driver
        ? []
        : [
            {
              subject: `/sys/devices/vio/${device.name}`,
              message: drivers.has(device.name)
                ? `no longer bound to ${device.driver}`
                : 'the device is gone',
              evidence: [],
            },
          ],
    );
  },
};
