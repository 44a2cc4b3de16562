import { hasTime, readLog } from '../partition/index.ts';
import { recognise } from './explain.ts';

/** Lines that one is cut into at most: the longest that is known has two hundred characters, a mail's has seventy-two. */
const mostPieces = 4;

/**
 * Puts lines together again that a mail has cut at a blank. What follows a cut line has no time of its own, but so has
 * much that was never part of it; so only a line is put together whose beginning is not known and which as a whole is
 * (`knownLines` fit whole lines). All else stays as it is.
 */
export function unwrap(text: string): string {
  const lines = text.split(/\r?\n/);
  const whole: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const pieces = piecesAt(lines, at);
    whole.push(lines.slice(at, at + pieces).join(' '));
    at += pieces;
  }
  return whole.join('\n');
}

/** How many lines make one, from this one on. */
function piecesAt(lines: readonly string[], at: number): number {
  const first = lines[at] ?? '';
  // Most logs are not wrapped: each line has a time, and none is looked at twice.
  if (isEnd(lines[at + 1]) || !hasTime(first) || isKnown(first)) return 1;
  let joined = first;
  for (let pieces = 2; pieces <= mostPieces; pieces += 1) {
    const next = lines[at + pieces - 1];
    if (isEnd(next)) return 1;
    joined += ` ${next}`;
    if (isKnown(joined)) return pieces;
  }
  return 1;
}

/** Whether a line cannot be the rest of one. */
function isEnd(line: string | undefined): boolean {
  return line === undefined || line.trim() === '' || hasTime(line);
}

function isKnown(line: string): boolean {
  return recognise(readLog(line)[0]?.text.trim() ?? '') !== undefined;
}
