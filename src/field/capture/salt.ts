import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../../base/index.ts';

/** Bytes without which a salt is no secret: serial numbers are so short that who has it finds them all by trying. */
const MIN_SALT_BYTES = 16;

/**
 * The salt that a file stands for, the same for command and script: the SHA-256 of its bytes in lower-case hex.
 * @throws InputError for what is no file, cannot be read, or is too short
 */
export function readSalt(file: string): string {
  const hint = 'make one with: (umask 077; head -c 32 /dev/urandom > FILE)';
  let bytes: Uint8Array;
  try {
    // A device such as /dev/urandom would never end, and would not be the same again.
    if (!statSync(file).isFile()) throw new InputError('not a file', { file }, { hint });
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`cannot read: ${code ?? String(error)}`, { file }, { hint });
  }
  if (bytes.length < MIN_SALT_BYTES)
    throw new InputError(
      `a salt of ${bytes.length} bytes; it takes ${MIN_SALT_BYTES} or more`,
      { file },
      { hint },
    );
  return hash('sha256', bytes, 'hex');
}
