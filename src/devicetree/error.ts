/** Where in an input something is wrong; as much of it as is known. */
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
 * Something that came from outside (a blob, a source, a work area, an archive, a log) is not what it must be.
 *
 * The one error that bad input may cause anywhere in Transplant; anything else that is thrown is a defect of ours.
 * `message` says what is wrong, `where` the place, `hint` what to do about it, `excerpt` shows the lines.
 */
export class InputError extends Error {
  readonly where: Where;
  readonly hint: string | undefined;
  readonly excerpt: string | undefined;

  constructor(message: string, where: Where = {}, more: { hint?: string; excerpt?: string } = {}) {
    super(message);
    this.name = 'InputError';
    this.where = where;
    this.hint = more.hint;
    this.excerpt = more.excerpt;
  }

  /** The same error, with what a caller higher up knows of the place. */
  at(where: Where): InputError {
    const more: { hint?: string; excerpt?: string } = {};
    if (this.hint !== undefined) more.hint = this.hint;
    if (this.excerpt !== undefined) more.excerpt = this.excerpt;
    return new InputError(this.message, { ...where, ...this.where }, more);
  }
}
