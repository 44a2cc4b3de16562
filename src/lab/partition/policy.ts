import { InputError } from '../../base/index.ts';

export type LabPolicy = 'ignore' | 'detach';

/** How a real kernel treats deletes and adds of platform-facilities in a run. */
export interface ChosenPolicy {
  /** As shown to users: `ignore`, `detach`, `detach (device_type patched)`. */
  readonly name: string;
  /** Whether the kernel detaches only with the device_type patch, see `device-type-patch.ts`. */
  readonly patchesDeviceType: boolean;
}

/**
 * Kernels since v5.16 ignore deletes and adds of platform-facilities, earlier ones apply them.
 * @param release such as `6.1.0-50-powerpc64le`; an unknown release counts as one that ignores them
 * @throws InputError when `wanted` is `ignore` and the kernel applies them
 */
export function choosePolicy(release: string, wanted?: LabPolicy): ChosenPolicy {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  const known = major !== undefined;
  const detaches = known && Number(major) * 1000 + Number(minor) < 5016;
  if (wanted === 'ignore' && detaches) {
    throw new InputError(
      `Linux ${release} applies deletes of platform-facilities: it does not support policy ignore`,
      {},
      { hint: 'Use policy detach, or a kernel since v5.16.' },
    );
  }
  if (wanted === 'detach' && !detaches)
    return { name: 'detach (device_type patched)', patchesDeviceType: true };
  return { name: detaches ? 'detach' : 'ignore', patchesDeviceType: false };
}
