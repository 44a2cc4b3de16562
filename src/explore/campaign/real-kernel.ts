import type { Boot } from '../../migration/index.ts';
import type { RealKernel } from './spec.ts';

/** Returns the function that prepares the boot of real kernels for slices. The lab is loaded at its first call. */
export function realKernelBooter(
  signal: AbortSignal,
  progress: (text: string) => void,
): (kernel: RealKernel) => Promise<Boot> {
  return async ({ kernel, modules, poison = false }) => {
    const { bootLinuxWith } = await import('../../migration/boot-linux.ts');
    return bootLinuxWith({ kernel, poison, signal, progress, ...(modules !== undefined && { modules }) });
  };
}
