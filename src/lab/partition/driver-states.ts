import {
  type DriverState,
  driverFacts,
  type LogLine,
  loggedDriverStates,
  type VioDevice,
} from '../../partition/index.ts';

/** The values of bound drivers, as far as their log lines show them. A driver that logs none is listed without values. */
export function driverStates(log: readonly LogLine[], devices: readonly VioDevice[]): DriverState[] {
  const logged = new Map(loggedDriverStates(log).map((state) => [state.device, state.values]));
  return devices.flatMap(({ name, driver }) =>
    driver === null
      ? []
      : [{ driver: driverFacts(driver)?.module ?? driver, device: name, values: logged.get(name) ?? {} }],
  );
}
