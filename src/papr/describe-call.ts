import { hex32, hexNumber, InputError } from '../base/index.ts';
import { findRtasFunction, statusName } from './functions.ts';
import type { RtasFunction, RtasWorkArea } from './rtas-function.ts';
import type { RtasTraceEntry } from './trace.ts';
import { type ByteRange, wordAt } from './work-area.ts';

/**
 * A call in one line for people:
 * `ibm,update-nodes(scope 1) → 0: delete fffffff5, fffffff4, fffffff3, fffffff6; add under ffffffff drc 20000001`.
 */
export function describeCall(entry: RtasTraceEntry): string {
  const known = findRtasFunction(entry.name);
  const status = entry.rets[0];
  const call = `${entry.name}(${describeArguments(entry, known)})`;
  if (status === undefined) return `${call} → nothing`;
  const name = status === 0 ? undefined : statusName(entry.name, status);
  const head = `${call} → ${status}${name === undefined ? '' : ` (${name})`}`;
  const reply = describeReply(entry, status, known?.workArea);
  return reply === '' ? head : `${head}: ${reply}`;
}

/** The ranges of a call's work area before and after it; undefined if the call has none that is known. */
export function describeWorkArea({
  name,
  rets,
  area,
}: RtasTraceEntry): { before: ByteRange[]; after: ByteRange[] } | undefined {
  const workArea = findRtasFunction(name)?.workArea;
  if (area === undefined || workArea === undefined) return undefined;
  const { before, after } = area;
  const status = rets[0] ?? 0;
  return {
    before: workArea.describeCall(before),
    after: hasReply(workArea, status) ? workArea.describeReply(after, status) : workArea.describeCall(after),
  };
}

/** Whether a status means that the work area was filled. */
function hasReply({ lastReplyStatus }: RtasWorkArea, status: number): boolean {
  return status >= 0 && status <= lastReplyStatus;
}

function describeArguments({ args, area }: RtasTraceEntry, known: RtasFunction | undefined): string {
  if (area === undefined || known?.workArea === undefined)
    return args.map((arg) => (arg < 0x10000 ? String(arg) : hexNumber(arg))).join(', ');
  const { subject, stateOffset } = known.workArea;
  const parts: string[] = [];
  if (subject !== undefined)
    parts.push(`${subject === 'drc index' ? 'drc ' : ''}${hex32(wordAt(area.before, 0))}`);
  if (known.scope !== undefined) parts.push(`scope ${(args[known.scope] ?? 0) | 0}`);
  const state = stateOffset === undefined ? 0 : wordAt(area.before, stateOffset);
  if (state !== 0) parts.push(`state ${hex32(state)}`);
  return parts.join(', ');
}

function describeReply({ area }: RtasTraceEntry, status: number, workArea: RtasWorkArea | undefined): string {
  if (area === undefined || workArea === undefined || !hasReply(workArea, status)) return '';
  try {
    return workArea.summarizeReply(area.after, status);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `malformed at byte ${error.where.offset}: ${error.message}`;
  }
}
