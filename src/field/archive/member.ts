import { InputError } from '../../base/index.ts';
import { type Limits, tooLarge } from './limits.ts';

export type MemberKind = 'file' | 'folder' | 'link' | 'hard link' | 'device' | 'fifo' | 'unknown kind';

/** One member of a tar archive, as its header describes it. */
export interface Member {
  /** Names joined by single slashes, relative, without `.` and `..`; a character for each byte. */
  readonly path: string;
  readonly kind: MemberKind;
  /** Bytes that follow the header. */
  readonly size: number;
  /** Target of a link, as stored; links are never followed. */
  readonly target: string;
}

/** Type flags of POSIX ustar, and what GNU tar and pax added (POSIX.1-2017, pax, "ustar Interchange Format"). */
const kinds: Readonly<Record<string, MemberKind>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hard link',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'fifo',
};

/** A header as stored; its path is not checked. */
export interface Header {
  readonly rawPath: string;
  readonly flag: string;
  readonly size: number;
  readonly rawTarget: string;
}

/**
 * Reads a header block of 512 bytes.
 * @returns undefined when the checksum is wrong: the block is not a header
 */
export function readHeader(block: Buffer): Header | undefined {
  let sum = 8 * 0x20;
  for (let index = 0; index < 148; index += 1) sum += block[index] ?? 0;
  for (let index = 156; index < 512; index += 1) sum += block[index] ?? 0;
  if (sum !== number(block, 148, 8)) return undefined;
  const name = text(block, 0, 100);
  // GNU tar marks its own format with a space after `ustar`, and keeps times in the place of the prefix.
  const prefix =
    block[345] !== 0 && block[262] === 0 && text(block, 257, 5) === 'ustar' ? text(block, 345, 155) : '';
  return {
    rawPath: prefix === '' ? name : `${prefix}/${name}`,
    flag: String.fromCharCode(block[156] ?? 0),
    size: number(block, 124, 12),
    rawTarget: block[157] === 0 ? '' : text(block, 157, 100),
  };
}

export function member({ rawPath, flag, size, rawTarget }: Header, limits: Limits, file: string): Member {
  if (rawPath.length > limits.pathBytes || rawTarget.length > limits.pathBytes)
    throw tooLarge(`a name of more than ${limits.pathBytes} bytes`, file);
  const kind = kinds[flag] ?? 'unknown kind';
  // Old archives mark a folder by a slash at the end of its name.
  const folder = kind === 'file' && rawPath.endsWith('/');
  return { path: safePath(rawPath, limits, file), kind: folder ? 'folder' : kind, size, target: rawTarget };
}

/** Nothing is unpacked to disk, but a path that leaves the folder is a sign of an attack. */
function safePath(path: string, limits: Limits, file: string): string {
  // Nearly all paths are normal already; splitting them would take a third of the time.
  const plain = !/^\/|\/\/|\/$|(?:^|\/)\.\.?(?:\/|$)/.test(path);
  if (plain && path.length < limits.depth) return path;
  if (path.startsWith('/')) throw leaves(path, file);
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw leaves(path, file);
  if (names.length > limits.depth) throw tooLarge(`a path of more than ${limits.depth} names`, file);
  return names.join('/');
}

function leaves(path: string, file: string): InputError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return new InputError(`refused: a member leaves the folder: ${JSON.stringify(shown)}`, { file });
}

function text(block: Buffer, from: number, length: number): string {
  const end = block.indexOf(0, from);
  return block.toString('latin1', from, end < 0 || end > from + length ? from + length : end);
}

/** Octal digits, or GNU tar's binary form of larger numbers. NaN for other text: equal to no checksum. */
function number(block: Buffer, from: number, length: number): number {
  const first = block[from] ?? 0;
  if (first === 0x80) {
    let value = 0;
    for (let index = from + 1; index < from + length; index += 1) value = value * 256 + (block[index] ?? 0);
    return value;
  }
  const digits = text(block, from, length).trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}
