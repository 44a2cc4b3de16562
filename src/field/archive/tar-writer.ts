const BLOCK_BYTES = 512;

/**
 * A tar archive (GNU format, long names included) of folders and files. Owner, mode and time are the same for all members, so
 * that they say nothing about the machine.
 * @param seconds time of every member, seconds since 1970
 */
export function* writeTar(
  folders: Iterable<string>,
  files: Iterable<readonly [path: string, bytes: Uint8Array]>,
  seconds: number,
): Generator<Uint8Array> {
  for (const path of folders) yield* entry(`${path}/`, '5', 0, seconds);
  for (const [path, bytes] of files) {
    yield* entry(path, '0', bytes.length, seconds);
    yield* padded(bytes);
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

function* entry(path: string, flag: string, size: number, seconds: number): Generator<Uint8Array> {
  const name = Buffer.from(path, 'latin1');
  if (name.length > 100) {
    yield header('././@LongLink', 'L', name.length + 1, seconds);
    yield* padded(Buffer.concat([name, Buffer.alloc(1)]));
  }
  yield header(name.subarray(0, 100), flag, size, seconds);
}

/** A header in GNU format: two spaces after `ustar`, which readers need for its long names. */
function header(name: string | Uint8Array, flag: string, size: number, seconds: number): Buffer {
  const bytes = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, digits: number) =>
    bytes.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  bytes.set(typeof name === 'string' ? Buffer.from(name, 'latin1') : name, 0);
  octal(flag === '5' ? 0o755 : 0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(seconds, 136, 11);
  bytes.write(flag, 156, 'latin1');
  bytes.write('ustar  ', 257, 'latin1');
  // The checksum covers the header with spaces in place of the checksum.
  bytes.fill(' ', 148, 156);
  octal(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  bytes[154] = 0;
  return bytes;
}

function* padded(bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes;
  const rest = bytes.length % BLOCK_BYTES;
  if (rest > 0) yield Buffer.alloc(BLOCK_BYTES - rest);
}
