export { cacheFolder, fileVersion, newRunFolder, writeAtomically } from './cache.ts';
export { type Cleaned, clean } from './clean.ts';
export { debianKernels } from './debian.ts';
export { type Check, doctor } from './doctor.ts';
export { type EnsureOptions, ensureKernel, type Kernel, kernels } from './kernels.ts';
export { cleanLeftovers, describeLeftover, type Leftover } from './leftovers.ts';
export { withLock } from './lock.ts';
export type { OnProgress, Progress } from './progress.ts';
export { findQemu, installQemu, type Qemu } from './qemu.ts';
