import { InputError } from '../../base/index.ts';

/**
 * The limits of an archive. A capture of the largest partitions has some 200,000 files of a few bytes each; a sosreport has
 * as many, and logs of gigabytes. A larger archive is refused.
 */
export interface Limits {
  /** Members, whether they are read or not. */
  readonly members: number;
  /** Bytes of one member that is read whole. */
  readonly fileBytes: number;
  /** Bytes of all members that are read whole: what is held in memory. */
  readonly keptBytes: number;
  /** Bytes after decompression, of all members: bounds the time. */
  readonly unpackedBytes: number;
  /** Unpacked bytes for each compressed byte; checked from 64 MiB on, because small archives of zeros compress as well. */
  readonly ratio: number;
  /** Names in one path; the kernel accepts trees of 64 levels, and an archive has a few folders above the tree. */
  readonly depth: number;
  /** Bytes of one path or link target. */
  readonly pathBytes: number;
}

export const defaultLimits: Limits = {
  members: 500_000,
  fileBytes: 64 << 20,
  keptBytes: 512 << 20,
  unpackedBytes: 16 * 2 ** 30,
  ratio: 800,
  depth: 80,
  pathBytes: 4096,
};

/** The refusal of an archive that is larger than any support archive. */
export function tooLarge(what: string, file: string): InputError {
  return new InputError(
    `refused: ${what}`,
    { file },
    { hint: 'no support archive is like this; do not unpack it by other means either' },
  );
}
