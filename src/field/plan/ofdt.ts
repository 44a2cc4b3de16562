/**
 * Commands of `/proc/ppc64/ofdt`, which change properties of the running tree (arch/powerpc/platforms/pseries/reconfig.c,
 * v5.10 to v7.2). One write(2) is one command, `COMMAND PHANDLE REST`. The kernel strips no newline, and a value may
 * contain any byte:
 *
 *     update_property PHANDLE NAME LENGTH VALUE
 *     remove_property PHANDLE NAME
 *
 * PHANDLE is in the form of strtoul(), LENGTH in decimal. update_property creates a property that does not exist. The
 * interface can also add and remove nodes; Transplant does not use that: no device and no driver would follow.
 */
import { encodeLatin1 } from '../../base/index.ts';

export type OfdtCommand =
  | {
      readonly verb: 'update_property';
      readonly phandle: number;
      readonly name: string;
      readonly value: Uint8Array;
    }
  | { readonly verb: 'remove_property'; readonly phandle: number; readonly name: string };

/**
 * Bytes of the longest write. The kernel copies a write into one allocation, and the script writes it as one block of dd.
 * The longest properties of partitions are far shorter.
 */
export const MAX_WRITE_BYTES = 1 << 20;

/** Why no command can express this change; undefined when one can. */
export function inexpressible(name: string, value: Uint8Array | undefined): string | undefined {
  if (/[ \0]/.test(name) || name === '') return 'the command cannot name it: a space ends the name';
  if ((value?.length ?? 0) + name.length + 64 > MAX_WRITE_BYTES)
    return `its value of ${value?.length} bytes is too long for one write`;
  return undefined;
}

/** The bytes of the write. Names are Latin-1, one byte for each character. */
export function encodeCommand(command: OfdtCommand): Uint8Array {
  const head = `${command.verb} 0x${command.phandle.toString(16)} ${command.name}`;
  if (command.verb === 'remove_property') return encodeLatin1(head);
  const { value } = command;
  // The kernel's parser needs one byte after the space that follows LENGTH, also for an empty value.
  const tail = value.length === 0 ? encodeLatin1(' ') : value;
  const start = encodeLatin1(`${head} ${value.length} `);
  const bytes = new Uint8Array(start.length + tail.length);
  bytes.set(start);
  bytes.set(tail, start.length);
  return bytes;
}

/**
 * Bytes as the format of a POSIX printf, safe between single quotes. Everything but letters, digits and a few signs is
 * written as `\ooo`; so is a leading dash, which would begin an option.
 */
export function printfFormat(bytes: Uint8Array): string {
  let format = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    const plain = format === '' ? /[A-Za-z0-9,._]/ : /[A-Za-z0-9 ,._-]/;
    format += plain.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return format;
}
