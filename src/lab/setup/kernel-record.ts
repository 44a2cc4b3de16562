import { z } from 'zod';

/** Schema of `kernel.json`, which describes a kernel in the cache. Paths are relative to the folder of that file. */
export const kernelRecord = z.object({
  /** `debian:6.1`, or the path of a vmlinux. */
  name: z.string(),
  /** As `uname -r` prints it; `unknown` when the image does not contain it. */
  release: z.string(),
  /** Package, version and suite, or a path. */
  origin: z.string(),
  /** Image that QEMU's `-kernel` loads. */
  image: z.string(),
  /** File names of the modules in `modules/`, in the order of insertion. */
  modules: z.array(z.string()),
});

/** Content of a `kernel.json`. */
export type KernelRecord = Readonly<z.infer<typeof kernelRecord>>;
