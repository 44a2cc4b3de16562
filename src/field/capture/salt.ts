import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../../base/index.ts';

/** Bytes of the shortest salt: serial numbers are short enough to be found by trial once the salt is known. */
const MIN_SALT_BYTES = 16;

/**
 * The salt from a file, the same for command and script: the SHA-256 of its bytes in lower-case hex.
 * @throws InputError when it is not a file, cannot be read, or is too short
 */
export function readSalt(file: string): string {
  const hint = 'make one with: (umask 077; head -c 32 /dev/urandom > FILE)';
  let bytes: Uint8Array;
  try {
    // A device such as /dev/urandom has no end and differs each time.
    if (!statSync(file).isFile()) throw new InputError('not a file', { file }, { hint });
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`cannot read: ${code ?? String(error)}`, { file }, { hint });
  }
  if (bytes.length < MIN_SALT_BYTES)
    throw new InputError(
      `the salt has ${bytes.length} bytes; it needs ${MIN_SALT_BYTES} or more`,
      { file },
      { hint },
    );
  return hash('sha256', bytes, 'hex');
}
