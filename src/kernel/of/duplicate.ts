import { KERN_ERR, KERN_WARNING } from '../core/log.ts';
import { dumpStack, type Frames } from '../core/warn.ts';
import type { OfKernel } from './of-kernel.ts';

/** sysfs_warn_dup(). @param directory from the root of sysfs, `/devices/vio` */
export function warnDuplicate(k: OfKernel, directory: string, name: string, frames: Frames): void {
  k.log.print(KERN_WARNING, `sysfs: cannot create duplicate filename '${directory}/${name}'`);
  dumpStack(k, ['sysfs_warn_dup', ...frames]);
}

/** kobject_add_internal() for a name that is taken. */
export function warnDuplicateKobject(k: OfKernel, directory: string, name: string, frames: Frames): void {
  warnDuplicate(k, directory, name, [
    'sysfs_create_dir_ns',
    'kobject_add_internal',
    'kobject_add',
    ...frames,
  ]);
  k.log.print(
    KERN_ERR,
    `kobject: kobject_add_internal failed for ${name} with -EEXIST, don't try to register things with the same name in the same directory.`,
  );
}
