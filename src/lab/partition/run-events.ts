import { type RtasTraceEntry, statusName } from '../../papr/index.ts';
import type { LogLine, RunEvent, UnsupportedItem } from '../../partition/index.ts';
import type { Move } from '../qemu/second-server.ts';

/** An event before it is merged with the log, which gives it its place and its id. */
export type LabEvent = Omit<RunEvent, 'id'>;

/** An RTAS call. @param seconds of the guest's clock */
export function rtasEvent(seconds: number, entry: RtasTraceEntry): LabEvent {
  const { id: call, name, args, rets } = entry;
  const status = rets[0] ?? 0;
  return {
    seconds,
    lane: 'firmware',
    kind: 'rtas',
    text: `${name} → ${statusName(name, status) ?? status}`,
    call,
    data: { name, args, rets },
  };
}

/** A part of the scenario's tree that was left out. */
export function unsupportedEvent({ path, property, reason }: UnsupportedItem): LabEvent {
  const what = property === undefined ? path : `${path}:${property}`;
  return { seconds: 0, lane: 'of', kind: 'refused', text: `${what} left out: ${reason}`, node: path };
}

/** A move to the second server. @param seconds of the guest's clock */
export function moveEvent(seconds: number, { bytes, milliseconds }: Move): LabEvent {
  const text = `moved to the second server: ${(bytes / 2 ** 20).toFixed(1)} MiB in ${milliseconds} ms`;
  return { seconds, lane: 'firmware', kind: 'move', text, data: { bytes, milliseconds } };
}

/** A line of the kernel log. */
export function logEvent({ seconds, level, text }: LogLine): LabEvent {
  return {
    seconds,
    lane: text.startsWith('mobility: ') ? 'mobility' : 'log',
    kind: 'log',
    text,
    ...(level !== undefined && { data: { level } }),
  };
}
