import type { Boot } from '../../migration/index.ts';
import type { RealKernel } from './spec.ts';

/** Boots real kernels for slices that need them. The lab is loaded only then. */
export function realKernelBooter(
  signal: AbortSignal,
  progress: (text: string) => void,
): (kernel: RealKernel) => Promise<Boot> {
  return async ({ kernel, modules, poison = false }) => {
    const { bootLinuxWith } = await import('../../migration/boot-linux.ts');
    return bootLinuxWith({ kernel, poison, signal, progress, ...(modules !== undefined && { modules }) });
  };
}
