/**
 * A run as text to copy and paste: `t1-` (t for token, 1 for the version of the format), digits, and four check digits.
 * Only letters, digits, `-` and `_` occur, so a token can be part of a URL, a file name or a shell command.
 *
 * A digit is one of the 64 below. A number is written in groups of five bits, the lowest first; the sixth bit says that
 * another group follows. A choice is written as its number. A series of choices of way 0 is written as 0 and the length of
 * the series minus one. Zeros at the end are omitted, because `replayChooser` takes way 0 there.
 */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));
const PREFIX = 't1-';
const CHECK_DIGITS = 4;

/** Choices that a token may encode; without a limit a short token could need any amount of memory. */
const MAX_CHOICES = 1_000_000;
/** Largest choice in a token. */
const MAX_CHOICE = 0xffff_ffff;

/** What `fromToken` read: the choices, or why the text is no token. */
export type TokenReading =
  | { readonly ok: true; readonly choices: readonly number[] }
  | {
      readonly ok: false;
      /** `the check digits do not fit: a letter is missing or mistyped`. */
      readonly problem: string;
    };

/**
 * Writes choices as a token.
 * @param choices integers from 0 to 2^32 - 1, at most a million
 * @throws RangeError on others
 */
export function toToken(choices: readonly number[]): string {
  let end = choices.length;
  while (end > 0 && choices[end - 1] === 0) end--;
  if (end > MAX_CHOICES) throw new RangeError(`${end} choices are more than a token can hold`);
  let text = PREFIX;
  for (let at = 0; at < end; ) {
    const choice = choices[at] ?? 0;
    if (!Number.isInteger(choice) || choice < 0 || choice > MAX_CHOICE)
      throw new RangeError(`choice ${choice}`);
    text += digitsOf(choice);
    let length = 1;
    if (choice === 0) {
      while (choices[at + length] === 0) length++;
      text += digitsOf(length - 1);
    }
    at += length;
  }
  return text + checkOf(text);
}

/**
 * Reads what `toToken` wrote, without the zeros at the end of the list.
 * @returns the choices, or the problem; the caller knows which option or file to name in an error
 */
export function fromToken(text: string): TokenReading {
  const bad = (problem: string): TokenReading => ({ ok: false, problem });
  if (!text.startsWith(PREFIX)) {
    const version = /^t(\d+)-/.exec(text)?.[1];
    return bad(
      version ? `version ${version} of the token format is not known` : `a token starts with ${PREFIX}`,
    );
  }
  const end = text.length - CHECK_DIGITS;
  if (end < PREFIX.length) return bad('the token is cut short');
  if (checkOf(text.slice(0, end)) !== text.slice(end)) {
    return bad('the check digits do not fit: a letter is missing or mistyped');
  }

  const choices: number[] = [];
  let zeros = false;
  let number = 0;
  let weight = 1;
  for (let at = PREFIX.length; at < end; at++) {
    const value = VALUES.get(text.charAt(at));
    if (value === undefined) return bad(`${JSON.stringify(text.charAt(at))} is no digit of a token`);
    number += (value & 31) * weight;
    weight *= 32;
    if (number > MAX_CHOICE || weight > MAX_CHOICE * 32) return bad('a number in the token is too large');
    if (value >= 32) continue;
    if (!zeros && number === 0) zeros = true;
    else {
      const count = zeros ? number + 1 : 1;
      if (choices.length + count > MAX_CHOICES) return bad('the token stands for too many choices');
      for (let added = 0; added < count; added++) choices.push(zeros ? 0 : number);
      zeros = false;
    }
    number = 0;
    weight = 1;
  }
  if (zeros || weight !== 1) return bad('the token ends within a number');
  return { ok: true, choices };
}

function digitsOf(number: number): string {
  let text = '';
  let rest = number;
  while (rest >= 32) {
    text += DIGITS.charAt(32 + (rest % 32));
    rest = Math.floor(rest / 32);
  }
  return text + DIGITS.charAt(rest);
}

/** 24 bits of FNV-1a (folded) over the characters, as four digits. */
function checkOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  const folded = (hash ^ (hash >>> 24)) & 0xffffff;
  let digits = '';
  for (let shift = 0; shift < 24; shift += 6) digits += DIGITS.charAt((folded >>> shift) & 63);
  return digits;
}
