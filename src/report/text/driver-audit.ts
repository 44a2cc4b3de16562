import { plural, printable } from '../../base/index.ts';
import { type Paint, plain } from './paint.ts';
import { table } from './table.ts';

/** What a driver makes of one property of its node; `auditDrivers` of the migration room finds it out. */
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

/** The audit: a table for each device, a row for each of its properties. */
export function driverAuditToText(audits: readonly DriverAuditRow[], paint: Paint = plain): string {
  const columns = ['property', 'at probe', 'on update', 'requests failed'];
  // One table, so that the columns of all devices stand below each other.
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
  const old = audits.filter((audit) => audit.onUpdate === 'kept old');
  const last =
    old.length === 0
      ? paint.green('every driver takes what it reads')
      : `${paint.yellow(plural(old.length, 'property'))} read when a driver is bound, and kept when updated`;
  if (audits.length === 0) return 'no VIO device has a property that could change\n';
  return `${[`  ${header}`, ...lines, '', last].join('\n')}\n`;
}
