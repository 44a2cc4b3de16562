/**
 * Finds addresses and identifiers by their form in a line of text: IQNs, WWPNs, UUIDs, MAC addresses, IPv4 and IPv6.
 *
 * The capture script does the same in awk (script-words.ts). Both go by maximal runs of characters and by regular expressions
 * that have one longest match, so that JavaScript (leftmost alternative) and POSIX (longest match) find the same.
 */

/** Gives the pseudonym of what was found. */
export type Hide = (found: string) => string;

const WORD = /[0-9A-Za-z:._-]+/g;
/** A word without one of these has nothing to hide; most have none. */
const CANDIDATE =
  /::|[0-9A-Fa-f]:[0-9A-Fa-f]+:[0-9A-Fa-f]+:[0-9A-Fa-f]|[0-9]\.[0-9]+\.[0-9]+\.[0-9]|[0-9A-Fa-f]{12}|[Ii][Qq][Nn]\.|[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-/;
/** Registers and addresses: numbers of 16 digits that are no WWPNs. */
const REGISTERS = /GPR[0-9][0-9]:|NIP: |REGS: |MSR: |CFAR: /;
/** What stands before a MAC address without colons. */
const MAC = /^mac$|mac[-_]*addr/;

/** Hides what is found in one line. */
export function hideWords(line: string, hide: Hide): string {
  if (!CANDIDATE.test(line)) return line;
  const registers = REGISTERS.test(line);
  let afterMac = false;
  return line.replace(WORD, (word) => {
    const hidden = CANDIDATE.test(word) ? hideWord(word, 0, { hide, registers, afterMac }) : word;
    afterMac = MAC.test(word.toLowerCase());
    return hidden;
  });
}

interface Context {
  readonly hide: Hide;
  /** Whether the line shows registers. */
  readonly registers: boolean;
  /** Whether the word before says `mac-addr`. */
  readonly afterMac: boolean;
}

interface Found {
  readonly at: number;
  readonly length: number;
}

type Finder = (word: string, context: Context) => Found | undefined;

/** What is found by one finder is not looked at by the next; the parts to its left and right are. */
function hideWord(word: string, step: number, context: Context): string {
  const find = finders[step];
  if (word === '' || !find) return word;
  const found = find(word, context);
  if (!found) return hideWord(word, step + 1, context);
  const { at, length } = found;
  const end = at + length;
  return (
    hideWord(word.slice(0, at), step + 1, context) +
    context.hide(word.slice(at, end)) +
    hideWord(word.slice(end), step, context)
  );
}

const finders: readonly Finder[] = [
  findIqn,
  findHexRun,
  (word) => findMatch(word, PAIRS_BY_COLON, isAlphanumeric),
  (word) => findMatch(word, PAIRS_BY_DASH, isAlphanumeric),
  (word) => findMatch(word, UUID, isAlphanumeric),
  (word) => findMatch(word, IPV4, isDigit, LONG_GROUP),
  findIpv6,
];

const PAIRS_BY_COLON = /[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?::[0-9A-Fa-f]{2})*/y;
const PAIRS_BY_DASH = /[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}(?:-[0-9A-Fa-f]{2})*/y;
const UUID = /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/y;
/** A group of more than three digits is none of an address. */
const IPV4 = /[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/y;
const LONG_GROUP = /[0-9]{4}/;

/**
 * The leftmost match with no character of a kind next to it.
 * @param wrong what must not be in the match
 */
function findMatch(
  word: string,
  pattern: RegExp,
  isPart: (character: string) => boolean,
  wrong?: RegExp,
): Found | undefined {
  for (let at = 0; at < word.length; at += 1) {
    pattern.lastIndex = at;
    const match = pattern.exec(word)?.[0];
    if (match === undefined || isPart(word.charAt(at - 1)) || isPart(word.charAt(at + match.length)))
      continue;
    if (!wrong?.test(match)) return { at, length: match.length };
  }
  return undefined;
}

function isDigit(character: string): boolean {
  return /^[0-9]/.test(character);
}

function isAlphanumeric(character: string): boolean {
  return /^[0-9A-Za-z]/.test(character);
}

const IQN = /[Ii][Qq][Nn]\.[0-9]{4}-[0-9]{2}\.[0-9A-Za-z].*/;
/** NAA and EUI-64 names of storage (RFC 3980, RFC 3720 §3.2.6). */
const NAA = /(?:[Nn][Aa][Aa]|[Ee][Uu][Ii])\.[0-9A-Fa-f]{8}[0-9A-Fa-f]*/;

function findIqn(word: string): Found | undefined {
  const iqn = IQN.exec(word);
  if (iqn) return { at: iqn.index, length: iqn[0].replace(/[.:_-]+$/, '').length };
  const naa = NAA.exec(word);
  return naa ? { at: naa.index, length: naa[0].length } : undefined;
}

/** Digits without separators: a UUID of 32, a WWPN of 16, a MAC address of 12. */
function findHexRun(word: string, { registers, afterMac }: Context): Found | undefined {
  for (const { index: at, 0: run } of word.matchAll(/[0-9A-Fa-f]+/g)) {
    const before = word.charAt(at - 1);
    const isPrefixed = /^[xX]$/.test(before) && word.charAt(at - 2) === '0';
    if (isName(word.charAt(at + run.length)) || (isName(before) && !isPrefixed)) continue;
    const { length } = run;
    const isWwpn = length === 16 && !registers && /^[125]|^[Cc]05076/.test(run);
    if (length === 32 || isWwpn || (length === 12 && afterMac)) return { at, length };
  }
  return undefined;
}

function isName(character: string): boolean {
  return /^[0-9A-Za-z_]/.test(character);
}

/** A run of digits and colons with `::`, or with eight groups. */
function findIpv6(word: string): Found | undefined {
  for (const match of word.matchAll(/[0-9A-Fa-f:]+/g)) {
    let { index: at } = match;
    let [run] = match;
    // The end of a name before it: `SRC:fe80::1`.
    if (isName(word.charAt(at - 1))) {
      const cut = run.indexOf(':') + 1;
      run = run.slice(cut);
      at += cut;
    }
    // A single colon at an end belongs to the text: `address fe80::1: no route`.
    if (/^:(?:[^:]|$)/.test(run)) {
      run = run.slice(1);
      at += 1;
    }
    if (/(?:^|[^:]):$/.test(run)) run = run.slice(0, -1);
    const next = word.charAt(at + run.length);
    if (!isName(word.charAt(at - 1)) && !isName(next) && isIpv6(run)) return { at, length: run.length };
  }
  return undefined;
}

function isIpv6(run: string): boolean {
  const colons = run.split(':').length - 1;
  if (/[0-9A-Fa-f]{5}/.test(run) || colons > 8) return false;
  return run.includes('::') ? /[0-9A-Fa-f]/.test(run) : colons === 7;
}
