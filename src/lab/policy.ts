import { InputError } from '../base/index.ts';

export type LabPolicy = 'ignore' | 'detach';

/** How a real kernel treats deletes and adds of platform-facilities in a run. */
export interface ChosenPolicy {
  /** For people: `ignore`, `detach`, `detach (disguised)`. */
  readonly name: string;
  /** Whether the kernel has to be made to obey, see `disguise.ts`. */
  readonly disguised: boolean;
}

/**
 * Kernels since v5.16 ignore deletes and adds of platform-facilities, those before obey.
 * @param release such as `6.1.0-50-powerpc64le`; of one that is unknown nothing is taken for granted
 * @throws InputError when the kernel cannot be had that way
 */
export function choosePolicy(release: string, wanted?: LabPolicy): ChosenPolicy {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  const known = major !== undefined;
  const obeys = known && Number(major) * 1000 + Number(minor) < 5016;
  if (wanted === 'ignore' && obeys) {
    throw new InputError(
      `Linux ${release} obeys deletes of platform-facilities, policy ignore cannot be had of it`,
    );
  }
  if (wanted === 'detach' && !obeys) return { name: 'detach (disguised)', disguised: true };
  return { name: obeys ? 'detach' : 'ignore', disguised: false };
}
