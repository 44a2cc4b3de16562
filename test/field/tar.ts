/** Malformed tar archives: each member's header is written as given. */

export interface Raw {
  readonly path: string;
  /** Type flag. Default: `0`, a file. */
  readonly flag?: string;
  readonly target?: string;
  readonly bytes?: Uint8Array | string;
  /** Size in the header, independent of the actual bytes. */
  readonly size?: number;
}

export function header({ path, flag = '0', target = '', bytes = '', size = bytes.length }: Raw): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0, 100, 'latin1');
  block.write('0000644\0', 100, 'latin1');
  if (size < 8 ** 11) block.write(size.toString(8).padStart(11, '0'), 124, 'latin1');
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  block.write('00000000000', 136, 'latin1');
  block.write(flag, 156, 'latin1');
  block.write(target, 157, 100, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  block.fill(' ', 148, 156);
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  );
  return block;
}

export function tar(...members: readonly Raw[]): Buffer {
  const parts = members.flatMap((raw) => {
    const bytes = Buffer.from(raw.bytes ?? '');
    return [header(raw), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** A pax header for the member that follows it. */
export function pax(records: Readonly<Record<string, string>>): Raw {
  const bytes = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = rest.length + 1;
    while (`${length}${rest}`.length !== length) length += 1;
    return `${length}${rest}`;
  });
  return { path: 'pax', flag: 'x', bytes: bytes.join('') };
}
