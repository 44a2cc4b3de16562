import { InputError } from '../devicetree/index.ts';
import type { Client, Observation, Partition } from '../partition/index.ts';
import type { WorkloadResult } from '../verdict/index.ts';
import type { WorkloadStep } from './scenario.ts';

const everyDevice = '/sys/devices/vio/*/';

/** What a client of a driver does; the bytes of a request are as many as make the driver split it. */
const uses: Readonly<Record<string, Pick<Client, 'path' | 'write'>>> = {
  pseries_rng: { path: '/dev/hwrng' },
  nx_compress_pseries: { path: 'crypto:842-nx', write: new Uint8Array(256 * 1024) },
  'nx-crypto': { path: 'crypto:ecb-aes-nx', write: new Uint8Array(64 * 1024) },
};

/** One step for each path that the step's path stands for. */
export function expandSteps(
  steps: readonly WorkloadStep[],
  devices: readonly string[],
): readonly WorkloadStep[] {
  return steps.flatMap((step) => {
    if (!step.path.includes('*')) return [step];
    if (!step.path.startsWith(everyDevice) || step.path.indexOf('*', everyDevice.length) >= 0) {
      throw new InputError(`workload path ${step.path}: only ${everyDevice} may hold a star`);
    }
    const file = step.path.slice(everyDevice.length);
    return devices.map((device) => ({ ...step, path: `/sys/devices/vio/${device}/${file}` }));
  });
}

/** Steps of before or after the migrations, done one after the other. */
export async function runSteps(
  partition: Partition,
  steps: readonly WorkloadStep[],
  when: 'before' | 'after',
): Promise<readonly WorkloadResult[]> {
  const results: WorkloadResult[] = [];
  for (const step of steps) {
    if (step.when !== when) continue;
    for (let time = 0; time < step.times; time++) results.push(await runStep(partition, step, when));
  }
  return results;
}

async function runStep(
  partition: Partition,
  { path, write }: WorkloadStep,
  when: 'before' | 'after',
): Promise<WorkloadResult> {
  if (write === undefined) {
    const read = await partition.readFile(path);
    const base = { when, verb: 'read', path } as const;
    return read.ok
      ? { ...base, text: Buffer.from(read.value).toString('latin1').replace(/\n$/, '') }
      : { ...base, text: '', errno: read.errno };
  }
  const written = await partition.writeFile(path, Buffer.from(write, 'latin1'));
  return { when, verb: 'write', path, text: write, ...(!written.ok && { errno: written.errno }) };
}

/**
 * Steps of during the migrations, as the clients that the partition runs beside each.
 * @param observed before: `use: drivers` means what the drivers bound then offer. A real kernel's crypto drivers have no
 *   file to use them by, so only its random number generator is used.
 */
export function clientsOf(steps: readonly WorkloadStep[], observed: Observation): readonly Client[] {
  return steps.filter((step) => step.when === 'during').flatMap((step) => clientsOfStep(step, observed));
}

function clientsOfStep(step: WorkloadStep, { devices, platform }: Observation): readonly Client[] {
  if (step.path === 'drivers') {
    return devices.flatMap(({ driver }) => {
      const use = uses[driver ?? ''];
      if (!use || (platform.kind !== 'model' && use.path.startsWith('crypto:'))) return [];
      return [{ name: `client of ${driver}`, ...use, times: step.times }];
    });
  }
  return [step].map(({ path, times, write }) => ({
    name: `${write === undefined ? 'reads' : 'writes'} ${path}`,
    path,
    times,
    ...(write !== undefined && { write: Buffer.from(write, 'latin1') }),
  }));
}
