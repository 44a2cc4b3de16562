import { baseName } from '../../devicetree/index.ts';
import * as layout from './layout.ts';
import type { Gathered } from './machine.ts';

/** What names a machine, in lower case; longer texts first. */
export interface Identities {
  /** Hidden wherever they occur. */
  readonly everywhere: readonly string[];
  /** Names too short for that: hidden where they are the whole text. */
  readonly short: readonly string[];
}

/**
 * Serial numbers (those in location codes included), the names of partition, host, domain and Virtual I/O Servers, and MAC
 * addresses without colons. script-identities.ts does the same for the capture script.
 * @param host name of the host, `''` where it is not known
 */
export function identitiesOf(gathered: Gathered, host: string): Identities {
  const found = new Set<string>();
  const names = new Set<string>();
  const [serial, partition] = [layout.serialNames, layout.partitionNames].map(layout.matcher);
  for (const [path, bytes] of gathered.files) {
    const texts = textsOf(bytes);
    for (const text of texts) scan(text, found, names);
    if (!layout.isInTree(path)) continue;
    if (serial?.(baseName(path))) for (const text of texts) found.add(withoutPlant(text));
    if (partition?.(baseName(path))) for (const text of texts) names.add(text);
  }
  for (const text of textsOf(gathered.files.get(layout.LPARCFG_PATH))) {
    const serialNumber = /^serial_number=(.*)/.exec(text)?.[1];
    const name = /^partition_name=(.*)/.exec(text)?.[1];
    if (serialNumber !== undefined) found.add(withoutPlant(serialNumber));
    if (name !== undefined) names.add(name);
  }
  for (const text of otherTexts(gathered)) scan(text, found, names);
  for (const address of gathered.macAddresses) found.add(address);
  const [first = '', ...domain] = host.split('.');
  names.add(host).add(first);
  // A domain of one word is a word of every log: `local`.
  if (domain.length > 1) names.add(domain.join('.'));
  return {
    everywhere: inOrder([...found, ...names].filter(isDistinct)),
    short: inOrder(Array.from(names).filter((name) => name.length < MIN_LENGTH && isPlain(name))),
  };
}

/** Shorter texts would be found in words that mean something else. */
export const MIN_LENGTH = 5;

/** Words that name no machine, though machines are called so. */
const genericNames = new Set(layout.genericNames);

function isDistinct(text: string): boolean {
  const first = text.charAt(0);
  const isRepeated = text.replaceAll(first, '') === '';
  return text.length >= MIN_LENGTH && isPlain(text) && !isRepeated && !genericNames.has(lowerCase(text));
}

/** Printable ASCII; a slash separates names. */
function isPlain(text: string): boolean {
  return text !== '' && !/[^ -.0-~]|^ | $/.test(text);
}

function inOrder(texts: readonly string[]): readonly string[] {
  const unique = Array.from(new Set(texts.map(lowerCase)));
  return unique.sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
}

/** Bytes as text, a character for each. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Only ASCII, as awk does it in the C locale. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The strings of a value, or the lines of a text. */
export function textsOf(bytes: Uint8Array | undefined): readonly string[] {
  return bytes === undefined ? [] : latin1(bytes).split(/[\0\n]/);
}

function otherTexts({ folders, files, devices, unread, leftOut }: Gathered): readonly string[] {
  return [
    ...folders,
    ...files.keys(),
    ...leftOut,
    ...unread.map(({ path }) => path),
    ...devices.flatMap(({ name, ofNode, devspec = '' }) => [
      name,
      ofNode.state === 'absent' ? '' : ofNode.target,
      devspec,
    ]),
  ];
}

/** `U78D2.001.WZS00CH-P1-C33` names an enclosure by its serial number. */
const LOCATION = /U[0-9A-Z]{4}[0-9A-Z]*\.[0-9A-Z]{3}\.([0-9A-Z]{5}[0-9A-Z]*)/g;
/** drivers/scsi/ibmvscsi: `host partition vios1 (1), OS 3`; ibmvfc: `Host partition: vios1, device: vfchost0 …`. */
const SERVER = /[Hh]ost partition:* ([^,(]+)/g;
/** The host in a line of syslog or of a journal. */
export const SYSLOG_HOST =
  /^(?:[A-Z][a-z][a-z] [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]|[0-9][0-9][0-9][0-9]-[^ ]+T[^ ]+) ([^ ]+) kernel: /;

function scan(text: string, found: Set<string>, names: Set<string>): void {
  for (const [, serial = ''] of text.matchAll(LOCATION)) found.add(serial);
  for (const [, server = ''] of text.matchAll(SERVER)) names.add(server.replace(/ +$/, ''));
  const host = SYSLOG_HOST.exec(text)?.[1];
  if (host !== undefined) names.add(host);
}

/** `IBM,0210ABCDE` is manufacturer, plant and serial number; location codes have the number alone. */
function withoutPlant(text: string): string {
  return /^IBM,[0-9][0-9]([0-9A-Z]{5}[0-9A-Z]*)$/.exec(text)?.[1] ?? text;
}
