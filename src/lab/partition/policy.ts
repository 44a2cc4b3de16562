import { InputError } from '../../base/index.ts';
import { fixedIn, fixState, ignoresFacilities } from '../../partition/index.ts';

/** What a real kernel can do with deletes and adds of platform-facilities. */
export type LabPolicy = 'ignore' | 'detach';

/** What the kernel of a run does with deletes and adds of platform-facilities. */
export interface ChosenPolicy {
  /** As shown to users: `ignore`, `detach`, `detach (device_type patched)`. */
  readonly name: string;
  /** Whether the kernel detaches only with the device_type patch, see `device-type-patch.ts`. */
  readonly patchesDeviceType: boolean;
}

/**
 * Kernels with the fix `ignoresFacilities` ignore deletes and adds of platform-facilities, those without it apply them.
 * @param release such as `6.1.0-50-powerpc64le`; a kernel that may have the fix counts as one that has it: the patch
 *   changes nothing for a kernel that applies them
 * @throws InputError when `wanted` is `ignore` and the kernel applies them
 */
export function choosePolicy(release: string, wanted?: LabPolicy): ChosenPolicy {
  const detaches = fixState(ignoresFacilities, release) === 'absent';
  if (wanted === 'ignore' && detaches) {
    throw new InputError(
      `Linux ${release} applies deletes of platform-facilities: it does not support policy ignore`,
      {},
      { hint: `Use policy detach, or a kernel since v${fixedIn(ignoresFacilities)}.` },
    );
  }
  if (wanted === 'detach' && !detaches)
    return { name: 'detach (device_type patched)', patchesDeviceType: true };
  return { name: detaches ? 'detach' : 'ignore', patchesDeviceType: false };
}
