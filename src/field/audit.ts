import { type Audit, judge, serverChange, storyOf } from '../verdict/index.ts';
import { firmwarePart } from './support/firmware-part.ts';
import type { Capture } from './support/read-capture.ts';

export interface AuditOptions {
  /** The same partition before its migration. */
  readonly before?: Capture;
  /** As it should be: a partition that was started on this server. Only its tree is looked at. */
  readonly wanted?: Capture;
  /** Rules whose findings do not count. */
  readonly allow?: readonly string[];
}

/** Judges a machine by its capture and explains its log. */
export function audit({ name, observation, leftOut }: Capture, options: AuditOptions = {}): Audit {
  const { before, wanted, allow = [] } = options;
  // What one of the captures hides is no difference between them.
  const hidden = [leftOut, before?.leftOut ?? [], wanted?.leftOut ?? []].flat();
  const tree = (of: Capture) => firmwarePart(of.observation.tree, hidden);
  const evidence = {
    after: observation,
    ...(before && { before: before.observation, source: tree(before) }),
    ...(wanted && { destination: tree(wanted) }),
  };
  return {
    name,
    observation,
    compared: { before: before !== undefined, wanted: wanted !== undefined },
    ...(before && { server: serverChange(before.observation, observation) }),
    story: storyOf(observation.log),
    verdict: judge(evidence, allow),
  };
}
