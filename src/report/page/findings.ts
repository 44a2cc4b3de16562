import type { Finding, Verdict } from '../../verdict/index.ts';
import type { PageDevice, PageEvent, PageFinding } from './document.ts';

/** Findings with the moment and the node that each is about. */
export function pageFindings(
  { findings, allowed }: Verdict,
  events: readonly PageEvent[],
  ofLine: readonly (number | undefined)[],
  devices: readonly PageDevice[],
  find: (path: string) => number | undefined,
): PageFinding[] {
  return findings.map((finding) => {
    const { logAt, ...rest } = finding;
    const node = nodeOf(finding, devices, find);
    const logged = logAt === undefined ? undefined : ofLine[logAt];
    const event = logged ?? (node === undefined ? undefined : lastEventOf(node, events));
    return {
      ...rest,
      allowed: allowed.includes(finding.rule),
      ...(event !== undefined && { event }),
      ...(node !== undefined && { node }),
    };
  });
}

/** A subject is a path, perhaps with a property behind a colon or a slash, or a device's file. */
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
  // Of other rules, a path that is in no tree is that of a node, and its parent is not meant.
  if (whole !== undefined || rule !== 'stale-property') return whole;
  return find(subject.slice(0, subject.lastIndexOf('/')) || '/');
}

/** When something last happened to the node itself: it left the tree, came, or a property changed. */
function lastEventOf(node: number, events: readonly PageEvent[]): number | undefined {
  const turns = ['detach', 'attach', 'release', 'update-property', 'add-property', 'remove-property'];
  const last = events.findLastIndex((event) => event.node === node && turns.includes(event.kind));
  return last < 0 ? undefined : last;
}
