import { createHash, randomBytes } from 'node:crypto';
import { baseName } from '../../devicetree/index.ts';
import * as layout from './layout.ts';
import type { Gathered } from './machine.ts';

/** Shorter ones would be found in text that means something else; they are hidden only where they are the whole text. */
const MIN_IDENTITY_LENGTH = 5;

/**
 * Hides what says whose machine it is: serial numbers, those in location codes included, wherever they occur; the
 * names of partition and host outside the device tree and in the properties that hold them. The same text becomes the
 * same pseudonym of the same length all through one capture, and another one in the next, unless they share a salt.
 * @param host the host's name
 * @param salt whoever has it can find out what is hidden; it must be in no capture
 */
export function redact(
  gathered: Gathered,
  host: string | undefined,
  salt = randomBytes(16).toString('hex'),
): void {
  const { serials, names } = identities(gathered.files, host);
  const everywhere = replacer(serials, salt);
  const inText = replacer(
    [...serials, ...Array.from(names).filter((name) => name.length >= MIN_IDENTITY_LENGTH)],
    salt,
  );
  const inNames = replacer([...serials, ...names], salt);
  const naming = layout.matcher(layout.namingNames);
  const own = layout.matcher(layout.partitionNames);
  const replacerOf = (path: string) => {
    if (!path.startsWith(`${layout.TREE_PATH}/`) || naming(baseName(path))) return inText;
    return own(baseName(path)) ? inNames : everywhere;
  };
  for (const [path, bytes] of gathered.files) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const hidden = replacerOf(path)(text);
    if (hidden !== text) gathered.files.set(path, new Uint8Array(Buffer.from(hidden, 'latin1')));
  }
}

function identities(files: ReadonlyMap<string, Uint8Array>, host: string | undefined) {
  const serials = new Set<string>();
  const names = new Set<string>(
    host === undefined ? [] : [host, host.replace(/\..*/s, '')].filter((name) => name !== ''),
  );
  const [serial, location, partition] = [layout.serialNames, layout.locationNames, layout.partitionNames].map(
    layout.matcher,
  );
  for (const [path, bytes] of files) {
    const name = baseName(path);
    const texts = (least = MIN_IDENTITY_LENGTH) =>
      Buffer.from(bytes)
        .toString('latin1')
        .split('\0')
        .filter((text) => text.length >= least);
    if (serial?.(name)) for (const text of texts()) serials.add(withoutPlant(text));
    if (location?.(name))
      for (const text of texts()) for (const found of enclosures(text)) serials.add(found);
    if (partition?.(name)) for (const text of texts(1)) names.add(text);
    const told =
      path === 'proc/ppc64/lparcfg' && /^serial_number=(.*)$/m.exec(Buffer.from(bytes).toString('latin1'));
    if (told && told[1] !== undefined && told[1].length >= MIN_IDENTITY_LENGTH)
      serials.add(withoutPlant(told[1]));
  }
  return { serials, names };
}

/** `IBM,0210ABCDE` is manufacturer, plant and serial number; location codes have the number alone. */
function withoutPlant(text: string): string {
  return /^IBM,\d\d([0-9A-Z]{5,})$/.exec(text)?.[1] ?? text;
}

function enclosures(text: string): string[] {
  return Array.from(text.matchAll(/U[0-9A-Z]{4,5}\.[0-9A-Z]{3}\.([0-9A-Z]{5,})/g), (match) => match[1] ?? '');
}

function replacer(identities: Iterable<string>, salt: string): (text: string) => string {
  // The longest first, so that a host is hidden together with its domain.
  const all = Array.from(new Set(identities)).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (all.length === 0) return (text) => text;
  const pseudonyms = new Map(all.map((identity) => [identity, pseudonym(identity, salt)]));
  const any = new RegExp(
    all.map((identity) => identity.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
    'g',
  );
  return (text) => text.replace(any, (found) => pseudonyms.get(found) ?? found);
}

/** Upper-case hex of SHA-256, which a shell can make too. */
function pseudonym(identity: string, salt: string): string {
  const digest = createHash('sha256').update(`${salt}${identity}`, 'latin1').digest('hex').toUpperCase();
  return digest.repeat(Math.ceil(identity.length / digest.length)).slice(0, identity.length);
}
