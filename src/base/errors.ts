/** The place of a fault in an input; each part is present if it is known. */
export interface Where {
  /** File name as the user gave it, or `<stdin>`. */
  readonly file?: string;
  /** Byte offset from the start of the input. */
  readonly offset?: number;
  /** One-based line. */
  readonly line?: number;
  /** One-based column, in characters. */
  readonly column?: number;
  /** Path of the node, and of its property after a colon: `/cpus:ibm,drc-names`. */
  readonly path?: string;
}

/**
 * Input from outside (a blob, a source, a work area, an archive, a log, an option) is invalid.
 *
 * Bad input causes no other error anywhere in Transplant; any other exception is a defect of the program.
 *
 * ```ts
 * throw new InputError('no such release: 6.99', { file: 'run.yaml', line: 3 }, { hint: 'known releases: 5.10 to 7.2' });
 * ```
 */
export class InputError extends Error {
  /** The place in the input. */
  readonly where: Where;
  /** What to do. */
  readonly hint: string | undefined;
  /** The lines concerned, with a caret under the place. */
  readonly excerpt: string | undefined;

  /**
   * @param message what is wrong
   * @param where   the place in the input
   * @param more    what to do, and the lines concerned
   */
  constructor(message: string, where: Where = {}, more: { hint?: string; excerpt?: string } = {}) {
    super(message);
    this.name = 'InputError';
    this.where = where;
    this.hint = more.hint;
    this.excerpt = more.excerpt;
  }

  /** The same error with the place completed by a caller; what the error already knows has precedence. */
  at(where: Where): InputError {
    const more: { hint?: string; excerpt?: string } = {};
    if (this.hint !== undefined) more.hint = this.hint;
    if (this.excerpt !== undefined) more.excerpt = this.excerpt;
    return new InputError(this.message, { ...where, ...this.where }, more);
  }
}

/**
 * Something outside the program is missing or does not work: QEMU, apt, a kernel, a guest, Redis, a disk.
 * Neither the input nor the program is at fault. Commands end with status 3.
 */
export class EnvironmentError extends Error {
  /** What to do, one or more lines: `apt-get install qemu-system-ppc`. */
  readonly hint: string | undefined;

  /**
   * @param message what is missing or does not work
   * @param hint    what to do
   * @param cause   the error that was caught
   */
  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'EnvironmentError';
    this.hint = hint;
  }
}
