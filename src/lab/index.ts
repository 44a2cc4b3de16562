export { type BootOptions, bootLinux } from './boot.ts';
export type { LinuxPartition } from './linux.ts';
export type { LabPolicy } from './policy.ts';
export {
  type Check,
  type Cleaned,
  cacheFolder,
  clean,
  cleanLeftovers,
  debianKernels,
  describeLeftover,
  doctor,
  type EnsureOptions,
  ensureKernel,
  findQemu,
  installQemu,
  type Kernel,
  kernels,
  type Leftover,
  type OnProgress,
  type Progress,
  type Qemu,
} from './setup/index.ts';
export { useConsole } from './shell.ts';
