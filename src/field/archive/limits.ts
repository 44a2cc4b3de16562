import { InputError } from '../../base/index.ts';

/**
 * What an archive may ask for. A capture of the largest partitions has some 200,000 files of a few bytes each, a
 * sosreport as many and logs of gigabytes beside; whatever wants more is refused, whoever made it.
 */
export interface Limits {
  /** Members, wanted or not. */
  readonly members: number;
  /** Bytes of one wanted member. */
  readonly fileBytes: number;
  /** Bytes of all wanted members together: what is held in memory. */
  readonly keptBytes: number;
  /** Bytes after decompression, wanted or not: what is waited for. */
  readonly unpackedBytes: number;
  /** How many times larger than the compressed bytes; looked at from 64 MiB on, for small archives compress anyhow. */
  readonly ratio: number;
  /** Names in one path; the kernel takes 64 levels of a tree, which is a few folders down in an archive. */
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

/** The refusal of an archive that is larger than anything honest. */
export function tooLarge(what: string, file: string): InputError {
  return new InputError(
    `refused: ${what}`,
    { file },
    { hint: 'no capture and no sosreport is like this; do not unpack it elsewhere either' },
  );
}
