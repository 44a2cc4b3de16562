export type { GuestOptions } from './guest/paused-guest.ts';
export { type BootOptions, bootLinux } from './partition/boot.ts';
export type { LinuxPartition } from './partition/linux-partition.ts';
export type { LabPolicy } from './partition/policy.ts';
export { useConsole } from './partition/shell.ts';
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
