/**
 * Commands of `/proc/ppc64/ofdt`, which change properties of the running tree (arch/powerpc/platforms/pseries/reconfig.c,
 * v5.10 to v7.2). One write(2) is one command, `COMMAND PHANDLE REST`; nothing strips a newline, and a value may hold
 * any byte:
 *
 *     update_property PHANDLE NAME LENGTH VALUE
 *     remove_property PHANDLE NAME
 *
 * PHANDLE as strtoul() takes it, LENGTH in decimal. update_property makes a property that is not there. Nodes can be
 * added and removed too; that is left alone here, for no driver and no device would follow.
 */

export type OfdtCommand =
  | {
      readonly verb: 'update_property';
      readonly phandle: number;
      readonly name: string;
      readonly value: Uint8Array;
    }
  | { readonly verb: 'remove_property'; readonly phandle: number; readonly name: string };

/**
 * Longest write that is made. The kernel copies it whole into one allocation and the shell hands it over in one block;
 * the longest properties of partitions are far below.
 */
export const longestWrite = 1 << 20;

/** Why the grammar has no command for this property; undefined when it has. */
export function inexpressible(name: string, value: Uint8Array | undefined): string | undefined {
  if (/[ \0]/.test(name) || name === '') return 'the command cannot name it: a blank ends the name';
  if ((value?.length ?? 0) + name.length + 64 > longestWrite)
    return `its value of ${value?.length} bytes is too long for one write`;
  return undefined;
}

/** The bytes of the one write. Names are Latin-1, one byte for each character. */
export function encodeCommand(command: OfdtCommand): Uint8Array {
  const head = `${command.verb} 0x${command.phandle.toString(16)} ${command.name}`;
  if (command.verb === 'remove_property') return latin1(head);
  const { value } = command;
  // The parser wants a byte after the blank that follows LENGTH; for an empty value that is the separator of items.
  const tail = value.length === 0 ? latin1(' ') : value;
  const start = latin1(`${head} ${value.length} `);
  const bytes = new Uint8Array(start.length + tail.length);
  bytes.set(start);
  bytes.set(tail, start.length);
  return bytes;
}

/**
 * Bytes as the format of a POSIX printf, safe between single quotes: everything but letters, digits and a few signs as
 * `\ooo`, and a dash at the start too, which would begin an option.
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

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
