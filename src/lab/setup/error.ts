/**
 * Something the lab needs from its surroundings is missing or does not work: QEMU, apt, a kernel, the guest itself.
 * Neither the user's input nor our code is at fault; the command line ends with status 3.
 */
export class LabError extends Error {
  /** What to do about it, one or more lines: `apt-get install qemu-system-ppc`. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'LabError';
    this.hint = hint;
  }
}
