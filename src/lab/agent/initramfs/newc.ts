/**
 * The archive format of an initramfs: cpio "new ASCII" (cpio(5); Linux Documentation/driver-api/early-userspace/buffer-format.rst).
 *
 * A member consists of a header of 110 characters (magic 070701 and 13 numbers, 8 hexadecimal digits each), its name ended by
 * NUL, padding to a multiple of 4, its data, padding to a multiple of 4. A member named TRAILER!!! ends the archive.
 */

/** A file, folder, symbolic link or character device. */
export interface Member {
  /** Path without a leading `/`; its folders must precede it. Latin-1: one character is one byte. */
  readonly name: string;
  /** File type and permissions, as in `st_mode`: 0o100755 is an executable file. */
  readonly mode: number;
  /** A file's bytes or a link's target. */
  readonly data: Uint8Array;
  /** Major and minor number of a device. */
  readonly device?: readonly [number, number];
}

/** File types of `st_mode` (inode(7)). */
export const fileType = {
  folder: 0o040000,
  file: 0o100000,
  link: 0o120000,
  characterDevice: 0o020000,
} as const;

const MAGIC = '070701';
const TRAILER = 'TRAILER!!!';

/** A folder with permissions 0755. */
export function folder(name: string): Member {
  return { name, mode: fileType.folder | 0o755, data: new Uint8Array() };
}

/** A regular file. */
export function file(name: string, data: Uint8Array, permissions = 0o644): Member {
  return { name, mode: fileType.file | permissions, data };
}

/** A symbolic link. @param target Latin-1 */
export function link(name: string, target: string): Member {
  return { name, mode: fileType.link | 0o777, data: Buffer.from(target, 'latin1') };
}

/** A character device with permissions 0600. */
export function characterDevice(name: string, major: number, minor: number): Member {
  return { name, mode: fileType.characterDevice | 0o600, data: new Uint8Array(), device: [major, minor] };
}

/** Writes an archive. Equal members give equal bytes: owner root, time 0, inodes numbered in order. */
export function writeNewc(members: readonly Member[]): Buffer {
  const parts: Buffer[] = [];
  const push = (bytes: Uint8Array) => {
    parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    parts.push(Buffer.alloc(-bytes.byteLength & 3));
  };
  const write = ({ name, mode, data, device = [0, 0] }: Member, inode: number) => {
    const bytes = Buffer.from(`${name}\0`, 'latin1');
    const links = (mode & 0o170000) === fileType.folder ? 2 : 1;
    const numbers = [inode, mode, 0, 0, links, 0, data.byteLength, 0, 0, ...device, bytes.byteLength, 0];
    const header = MAGIC + numbers.map((number) => number.toString(16).padStart(8, '0')).join('');
    push(Buffer.concat([Buffer.from(header, 'latin1'), bytes]));
    push(data);
  };
  for (const [index, member] of members.entries()) write(member, index + 1);
  write({ name: TRAILER, mode: 0, data: new Uint8Array() }, 0);
  return Buffer.concat(parts);
}
