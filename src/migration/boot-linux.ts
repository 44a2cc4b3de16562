import { InputError } from '../base/index.ts';
import { type BootOptions, bootLinux } from '../lab/index.ts';
import type { Boot } from './migrate.ts';
import { kernelPolicyOf } from './scenario.ts';

/** Options of a real kernel that are not part of the scenario. */
export type LabOptions = Pick<
  BootOptions,
  'kernel' | 'modules' | 'servers' | 'poison' | 'snapshot' | 'trace' | 'signal' | 'progress'
>;

/** Boots an unmodified kernel under QEMU. @throws InputError for a policy that only the model has */
export function bootLinuxWith(options: LabOptions): Boot {
  return async (scenario, firmware) => {
    const policy = kernelPolicyOf(scenario);
    if (policy !== undefined && policy !== 'ignore' && policy !== 'detach') {
      throw new InputError(
        `policy ${policy} is a proposal: no real kernel does it`,
        {},
        { hint: 'real kernels have ignore, detach (device_type patched where needed) and reconcile' },
      );
    }
    return bootLinux({
      ...options,
      before: scenario.before,
      firmware,
      cpus: scenario.cpus,
      ...(policy && { policy }),
    });
  };
}
