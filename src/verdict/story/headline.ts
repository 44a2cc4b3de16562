import type { LogEvent } from './event.ts';
import type { Proven } from './outcome.ts';

/** A migration in one sentence: its outcome, and how many events of each kind there were. */
export function headline({ outcome, reason }: Proven, events: readonly LogEvent[]): string {
  const parts = [
    {
      moved: 'the partition moved',
      'did not move': 'the partition did not move',
      unknown: `the log does not show whether the partition moved${reason === undefined ? '' : ` (${reason})`}`,
    }[outcome],
  ];
  for (const [name, one, many] of counted) {
    const count = events.filter((event) => event.name === name).length;
    if (count > 0) parts.push(`${count} ${count === 1 ? one : many}`);
  }
  return parts.join('; ');
}

const counted: readonly (readonly [name: string, one: string, many: string])[] = [
  ['node-removed', 'node removed', 'nodes removed'],
  ['node-added', 'node added', 'nodes added'],
  ['ignored-remove', 'delete ignored', 'deletes ignored'],
  ['ignored-add', 'add ignored', 'adds ignored'],
  ['property-updated', 'property updated', 'properties updated'],
  ['property-failed', 'property not updated', 'properties not updated'],
  ['failed-lookup', 'unknown phandle', 'unknown phandles'],
  ['update-aborted', 'update cut short', 'updates cut short'],
  ['duplicate-name', 'name taken twice', 'names taken twice'],
  ['suspend-attempt-failed', 'failed attempt', 'failed attempts'],
  ['use-after-free', 'use after free', 'uses after free'],
  ['cache-mismatch', 'cache mismatch', 'cache mismatches'],
  ['kernel-oops', 'kernel oops', 'kernel oopses'],
  ['process-crashed', 'process crashed', 'processes crashed'],
];
