import type { KnownLine } from './known-line.ts';
import { knownLines } from './table.ts';

/** A known line, with what its pattern captured. */
export interface Recognised {
  readonly line: KnownLine;
  readonly match: RegExpExecArray;
}

/** Longest line of a kernel that is looked at: printk cuts at 1024 bytes. */
const MAX_LINE_LENGTH = 2048;

/** What a line's text means, if that is known. Texts are without blanks around them. */
export function recognise(text: string): Recognised | undefined {
  if (text.length > MAX_LINE_LENGTH) return undefined;
  for (const line of candidates(text)) {
    const match = line.pattern.exec(text);
    if (match) return { line, match };
  }
  return undefined;
}

/** Whether a text can be the beginning of a known line, or all of it. */
export function mayBegin(text: string): boolean {
  return text.length <= MAX_LINE_LENGTH && candidates(text).length > 0;
}

/** How many characters of a text say which patterns can match it. */
const KEY_LENGTH = 3;

/**
 * Known lines by the characters that they begin with. A log has a million lines and this table two hundred patterns; three
 * characters leave a few of them.
 */
const byKey = new Map<string, KnownLine[]>();
/** Those that begin with a value. */
const withoutKey: KnownLine[] = [];
for (const line of knownLines) {
  const keys = new Set(beginningsOf(line.pattern.source).map((text) => text.slice(0, KEY_LENGTH)));
  if (Array.from(keys).some((key) => key.length < KEY_LENGTH)) withoutKey.push(line);
  else for (const key of keys) byKey.set(key, [...(byKey.get(key) ?? []), line]);
}
for (const lines of byKey.values()) lines.push(...withoutKey);

function candidates(text: string): readonly KnownLine[] {
  const keyed = byKey.get(text.slice(0, KEY_LENGTH));
  return keyed ?? withoutKey;
}

/**
 * The texts that a pattern's matches begin with, each up to its first value. A pattern is `^…$`, or several of those as
 * alternatives; a group at its beginning holds alternatives too.
 */
export function beginningsOf(source: string): readonly string[] {
  return splitAlternatives(source).flatMap((alternative) => literals(alternative.replace(/^\^/, '')));
}

function literals(source: string): readonly string[] {
  let text = '';
  for (let at = 0; at < source.length; at++) {
    const char = source[at] as string;
    if (char === '\\' && /[^\w]/.test(source[at + 1] ?? '')) text += source[++at];
    else if (char === '(') {
      const end = closing(source, at);
      const inner = source.slice(at + 1, end).replace(/^\?:/, '');
      if (inner.startsWith('?')) return [text];
      const rest = source.slice(end + 1);
      const optional = rest.startsWith('?');
      const beginnings = splitAlternatives(inner).flatMap(literals);
      const behind = optional ? literals(rest.slice(1)) : [];
      return [...beginnings, ...behind].map((one) => text + one);
    } else if (char === '[') {
      const end = source.indexOf(']', at);
      const characters = source.slice(at + 1, end);
      // A class of characters by themselves, without ranges, that occurs once.
      if (!/^(?:-?\w+|\w+-)$/.test(characters) || /[*?+{]/.test(source[end + 1] ?? '')) return [text];
      const behind = literals(source.slice(end + 1));
      return Array.from(characters).flatMap((one) => behind.map((rest) => text + one + rest));
    } else if (/[.$|^]/.test(char) || char === '\\') return [text];
    else if (/[*?{]/.test(char)) return [text.slice(0, -1)];
    else if (char === '+') return [text];
    else text += char;
  }
  return [text];
}

/** Splits at bars outside of groups and classes. */
function splitAlternatives(source: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '(') at = closing(source, at);
    else if (source[at] === '[') at = source.indexOf(']', at);
    else if (source[at] === '|') {
      parts.push(source.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, source.slice(start)];
}

/** Index of the parenthesis that closes the one at an index. */
function closing(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '[') at = source.indexOf(']', at);
    else if (source[at] === '(') depth++;
    else if (source[at] === ')' && --depth === 0) return at;
  }
  return source.length;
}
