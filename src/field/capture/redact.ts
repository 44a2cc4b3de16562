import { createHash, randomBytes } from 'node:crypto';
import { baseName } from '../../devicetree/index.ts';
import { hideWords } from './hide-words.ts';
import { identitiesOf, latin1, lowerCase, MIN_LENGTH, SYSLOG_HOST, textsOf } from './identities.ts';
import { MAX_LINE_BYTES } from './last-bytes.ts';
import * as layout from './layout.ts';
import type { Gathered } from './machine.ts';

/**
 * Hides what identifies the machine and its owner: the identities of identities.ts, and addresses by their form (hide-words.ts), in the
 * tree, in names, in links and in texts. The same text becomes the same pseudonym of the same length all through one
 * capture, whatever its case, and another one in the next capture, unless they share a salt. The capture script writes the
 * same, byte for byte (script-redact.ts).
 * @param host the host's name; `''` where it is not known
 * @param salt secret: it reveals what is hidden, so no capture may contain it
 */
export function redact(gathered: Gathered, host: string, salt = randomBytes(16).toString('hex')): void {
  const pseudonym = pseudonyms(salt);
  changeTexts(gathered, linesOf);
  const { everywhere, short } = identitiesOf(gathered, host);
  const hideIdentities = replacer(everywhere, pseudonym);
  const hideLine = (line: string) => hideWords(hideShortNames(hideIdentities(line), pseudonym), pseudonym);
  hideInTree(gathered, hideIdentities, replacer(short, pseudonym), pseudonym);
  changeTexts(gathered, (text) => text.replace(/.*\n/g, (line) => `${hideLine(line.slice(0, -1))}\n`));
  hideInNames(gathered, hideLine);
}

/** Values may hold any bytes: what was found in the strings of any value is replaced in all of them. */
function hideInTree(
  { files }: Gathered,
  hideIdentities: (text: string) => string,
  hideShort: (text: string) => string,
  pseudonym: (text: string) => string,
): void {
  const own = layout.matcher(layout.partitionNames);
  const words = new Set<string>();
  const find = (word: string) => {
    words.add(lowerCase(word));
    return word;
  };
  const values = new Map<string, string>();
  for (const [path, bytes] of files) {
    if (!layout.isInTree(path)) continue;
    const value = latin1(bytes);
    let hidden = hideIdentities(value);
    if (own(baseName(path))) hidden = hideShort(hidden);
    if (hidden !== value) values.set(path, hidden);
    for (const text of hidden === value ? textsOf(bytes) : hidden.split(/[\0\n]/)) hideWords(text, find);
  }
  const hideFound = replacer(
    Array.from(words).sort((one, other) => other.length - one.length || (one < other ? -1 : 1)),
    pseudonym,
  );
  for (const [path, bytes] of files) {
    if (!layout.isInTree(path)) continue;
    const known = values.get(path);
    const value = known ?? latin1(bytes);
    const hidden = hideFound(value);
    if (known !== undefined || hidden !== value) files.set(path, bytesOf(hidden));
  }
}

/** Without the zeros that a crash may leave in a log, and with a newline at its end: awk reads and writes lines. */
function linesOf(text: string): string {
  const plain = text.replaceAll('\0', '');
  if (plain === '') return '';
  const lines = plain.replace(/\n$/, '').split('\n');
  return lines.map((line) => `${line.slice(0, MAX_LINE_BYTES)}\n`).join('');
}

/** Changes the files that are in no tree. */
function changeTexts({ files }: Gathered, change: (text: string) => string): void {
  for (const [path, bytes] of files)
    if (!layout.isInTree(path)) files.set(path, bytesOf(change(latin1(bytes))));
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** Names of hosts and Virtual I/O Servers that are too short to be hidden everywhere, where logs have them. */
function hideShortNames(line: string, pseudonym: (text: string) => string): string {
  const host = SYSLOG_HOST.exec(line)?.[1] ?? '';
  const hosted = isShort(host) ? line.replace(` ${host} kernel: `, ` ${pseudonym(host)} kernel: `) : line;
  return hosted.replace(/([Hh]ost partition:* )([^,( ]+)/, (all, before: string, name: string) =>
    isShort(name) ? `${before}${pseudonym(name)}` : all,
  );
}

function isShort(name: string): boolean {
  return name.length < MIN_LENGTH && /^[!-~]+$/.test(name);
}

function hideInNames(gathered: Gathered, hide: (text: string) => string): void {
  const files = Array.from(gathered.files);
  gathered.files.clear();
  for (const [path, bytes] of files) gathered.files.set(layout.isInTree(path) ? hide(path) : path, bytes);
  const replaceAll = <Item>(items: Item[], hideItem: (item: Item) => Item) =>
    items.splice(0, items.length, ...items.map(hideItem));
  replaceAll(gathered.folders, hide);
  replaceAll(gathered.leftOut, hide);
  replaceAll(gathered.unread, ({ path, reason }) => ({ path: hide(path), reason }));
  replaceAll(gathered.devices, ({ name, driver, ofNode, devspec }) => ({
    name: hide(name),
    driver: driver === null ? null : hide(driver),
    ofNode: ofNode.state === 'absent' ? ofNode : { ...ofNode, target: hide(ofNode.target) },
    ...(devspec !== undefined && { devspec: hide(devspec) }),
  }));
}

/** Replaces texts one after the other, as sed does; in upper or lower case. */
function replacer(texts: readonly string[], pseudonym: (text: string) => string): (text: string) => string {
  if (texts.length === 0) return (text) => text;
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const any = new RegExp(texts.map(literal).join('|'), 'i');
  const each = texts.map((text) => [new RegExp(literal(text), 'gi'), pseudonym(text)] as const);
  const replaceLine = (line: string) =>
    any.test(line) ? each.reduce((rest, [pattern, hidden]) => rest.replace(pattern, hidden), line) : line;
  return (text) => (text.includes('\n') ? text.split('\n').map(replaceLine).join('\n') : replaceLine(text));
}

/** As many digits as the text has characters: upper-case hex of SHA-256 of the salt and the text in lower case. */
function pseudonyms(salt: string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const plain = lowerCase(text);
    let hidden = known.get(plain);
    if (hidden === undefined) {
      const digest = createHash('sha256').update(`${salt}${plain}`, 'latin1').digest('hex').toUpperCase();
      hidden = digest.repeat(Math.ceil(plain.length / digest.length)).slice(0, plain.length);
      known.set(plain, hidden);
    }
    return hidden;
  };
}
