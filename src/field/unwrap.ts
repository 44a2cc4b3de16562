import type { LogLine } from '../partition/index.ts';
import { mayBegin, recognise } from '../verdict/index.ts';

/** Into how many pieces a line is cut at most: the longest known one has 200 characters, a line of a mail 72. */
const MAX_PIECES = 4;

/**
 * Joins lines that a mail has cut at a blank. The rest of a cut line has no time of its own, but neither has a line of a
 * log without times. So lines are joined only where the first one alone is not known and all together are
 * (`knownLines` match whole lines). All other lines stay as they are.
 */
export function unwrap(log: readonly LogLine[]): LogLine[] {
  const whole: LogLine[] = [];
  for (let at = 0; at < log.length; ) {
    const line = log[at] as LogLine;
    const joined = joinedAt(log, at);
    whole.push(joined ? { ...line, text: joined.text } : line);
    at += joined?.pieces ?? 1;
  }
  return whole;
}

function joinedAt(
  log: readonly LogLine[],
  at: number,
): { readonly text: string; readonly pieces: number } | undefined {
  let text = log[at]?.text.trimEnd() ?? '';
  // Most logs are not cut: each line has a time, and none is looked at twice.
  if (!log[at + 1]?.untimed || !mayBegin(text.trimStart()) || recognise(text.trimStart())) return undefined;
  for (let pieces = 2; pieces <= MAX_PIECES; pieces += 1) {
    const next = log[at + pieces - 1];
    if (!next?.untimed) return undefined;
    text += ` ${next.text.trim()}`;
    if (recognise(text.trimStart())) return { text, pieces };
  }
  return undefined;
}
