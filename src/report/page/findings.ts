import type { Finding, Verdict } from '../../verdict/index.ts';
import type { PageDevice, PageEvent, PageFinding } from './document.ts';

/**
 * Findings, each with the event and the node that it is about.
 * @param eventOfLine id of the event of each line of the log
 * @param find the number of the node at a path
 */
export function pageFindings(
  { findings, allowed }: Verdict,
  events: readonly PageEvent[],
  eventOfLine: readonly (number | undefined)[],
  devices: readonly PageDevice[],
  find: (path: string) => number | undefined,
): PageFinding[] {
  return findings.map((finding) => {
    const { logAt, ...rest } = finding;
    const node = nodeOf(finding, devices, find);
    const logged = logAt === undefined ? undefined : eventOfLine[logAt];
    const event = logged ?? (node === undefined ? undefined : lastChangeOf(node, events));
    return {
      ...rest,
      allowed: allowed.includes(finding.rule),
      ...(event !== undefined && { event }),
      ...(node !== undefined && { node }),
    };
  });
}

/** A subject is a path, which a property's name may follow after a colon or a slash, or the file of a device. */
function nodeOf(
  { rule, subject }: Finding,
  devices: readonly PageDevice[],
  find: (path: string) => number | undefined,
): number | undefined {
  const device = /^\/sys\/devices\/vio\/([^/]+)/.exec(subject)?.[1] ?? subject;
  const node = devices.find(({ name }) => name === device)?.node ?? -1;
  if (node >= 0) return node;
  const colon = subject.lastIndexOf(':');
  const whole = find(subject) ?? (colon > 0 ? find(subject.slice(0, colon)) : undefined);
  // Only `stale-property` names properties as `node/property`; with other rules the last part is a missing node.
  if (whole !== undefined || rule !== 'stale-property') return whole;
  return find(subject.slice(0, subject.lastIndexOf('/')) || '/');
}

const nodeChanges = new Set([
  'detach',
  'attach',
  'release',
  'update-property',
  'add-property',
  'remove-property',
]);

/** Id of the last event that changed the node itself. */
function lastChangeOf(node: number, events: readonly PageEvent[]): number | undefined {
  return events.findLast((event) => event.node === node && nodeChanges.has(event.kind))?.id;
}
