import { plural, printable } from '../../base/index.ts';
import { type Paint, plain } from './paint.ts';
import { table } from './table.ts';

/** How a driver uses one property of its node; see `auditDrivers` in `src/migration/`. */
export interface DriverAuditRow {
  readonly device: string;
  readonly driver: string | null;
  readonly property: string;
  readonly atProbe: boolean;
  readonly onUpdate: string;
  readonly failed: number;
  readonly requests: number;
  readonly log: readonly string[];
}

/** An audit of drivers: a table for each device, a row for each of its properties. */
export function driverAuditToText(audits: readonly DriverAuditRow[], paint: Paint = plain): string {
  const columns = ['property', 'at probe', 'on update', 'requests failed'];
  // One table, so that the columns of all devices are aligned.
  const [header = '', ...rows] = table(
    columns,
    audits.map(({ property, atProbe, onUpdate, failed, requests }) => [
      property,
      atProbe ? 'read' : '–',
      onUpdate,
      requests === 0 ? '–' : `${failed} of ${requests}`,
    ]),
    paint,
  );
  const lines = audits.flatMap(({ device, driver }, at) => [
    ...(audits[at - 1]?.device === device
      ? []
      : [`${paint.cyan(printable(device))}: ${printable(driver ?? 'no driver')}`]),
    `  ${rows[at] ?? ''}`,
  ]);
  const stale = audits.filter((audit) => audit.onUpdate === 'kept old');
  const last =
    stale.length === 0
      ? paint.green('every driver applies updates of the properties that it reads')
      : `${paint.yellow(plural(stale.length, 'property'))} read only at probe: after an update the driver keeps the old value`;
  if (audits.length === 0) return 'no VIO device has properties to update\n';
  return `${[`  ${header}`, ...lines, '', last].join('\n')}\n`;
}
