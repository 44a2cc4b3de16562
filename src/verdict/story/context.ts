import type { LogLine } from '../../partition/index.ts';
import type { LogEvent } from './event.ts';
import { harmless } from './events.ts';
import type { Migration } from './migration.ts';

/** Seconds after a migration's last step in which CPUs may stand still, because memory is on its way. */
const TRANSFER_SECONDS = 300;
/** The same where the log shows that all memory has arrived: the hung task detector reports what began 120 seconds earlier. */
const ARRIVED_SECONDS = 150;
const ARRIVED = new Set(['transfer-done', 'drmgr-succeeded']);

/** Seconds in which crashing processes are taken for a consequence of a migration. */
const CRASH_SECONDS = 600;

/**
 * An event in a migration: stalls are expected there, while processes that crash are not.
 * @param moved whether the migration may have moved the partition
 */
export function inMigration(event: LogEvent, { steps }: Migration, moved: boolean): LogEvent {
  const since = event.line.seconds - (steps.at(-1)?.line.seconds ?? 0);
  const arrived = steps.some(({ name }) => ARRIVED.has(name));
  if (event.name === 'cpu-stuck' && moved && since <= (arrived ? ARRIVED_SECONDS : TRANSFER_SECONDS))
    return harmless(
      event,
      'CPUs and tasks stand still while the partition is suspended and its memory follows; the watchdog counts that. It is a hang only if it goes on after the migration.',
    );
  if (event.name === 'process-crashed' && moved && since <= CRASH_SECONDS)
    return {
      ...event,
      weight: 'trouble',
      rule: 'process-crashed',
      subject: event.values[0] ?? '',
      meaning: `${event.meaning} Right after a migration this means that memory did not arrive as it was.`,
    };
  return event;
}

function isOfBoot({ line, values }: LogEvent, boot: LogLine | undefined, hasTimes: boolean): boolean {
  if (hasTimes && boot) return line.seconds - boot.seconds < BOOT_SECONDS;
  // Without the boot's line only the boot's clock says when it was.
  if (hasTimes && line.clock === undefined) return line.seconds < BOOT_SECONDS;
  return !CHANGING.test(values[0] ?? '');
}

/** Nodes to which a migration or DLPAR adds others. */
const CHANGING = /^(?:|\/|base|cpus|ibm,platform-facilities|vdevice|pci@[0-9a-f]+)$/;

/** When the kernel has put firmware's own tree into sysfs, at the latest. */
const BOOT_SECONDS = 10;

/**
 * An event that no migration comes before: firmware's own tree may have two nodes of one name.
 * @param boot the line with which its boot begins, where the log has it
 * @param hasTimes whether the log has times
 */
export function beforeMigrations(event: LogEvent, boot: LogLine | undefined, hasTimes: boolean): LogEvent {
  if (event.name !== 'duplicate-name' || !isOfBoot(event, boot, hasTimes)) return event;
  return harmless(
    event,
    `Firmware's own tree has two nodes of one name below ${event.values[0]}; the kernel numbers the second at boot, as ${event.values[1]}. Nothing was changed since.`,
  );
}
