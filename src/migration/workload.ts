import { defineMemo, InputError, type RunCache } from '../base/index.ts';
import {
  type Client,
  driverNames,
  type Observation,
  type VioDriverFacts,
  vioDrivers,
} from '../partition/index.ts';
import type { WorkloadStep } from './scenario.ts';

const everyDevice = '/sys/devices/vio/*/';

/** What a client of a driver does. */
const uses = new Map<string, Pick<Client, 'path' | 'write'>>(
  driverNames.map((module) => {
    const { name, client }: VioDriverFacts = vioDrivers[module];
    const { path, bytes } = client;
    return [name, { path, ...(bytes !== undefined && { write: new Uint8Array(bytes) }) }];
  }),
);

/** Replaces a step whose path has a star with one step for each device. */
function expandSteps(steps: readonly WorkloadStep[], devices: readonly string[]): readonly WorkloadStep[] {
  return steps.flatMap((step) => {
    if (!step.path.includes('*')) return [step];
    if (!step.path.startsWith(everyDevice) || step.path.indexOf('*', everyDevice.length) >= 0) {
      throw new InputError(`workload path ${step.path}: only ${everyDevice} may hold a star`);
    }
    const file = step.path.slice(everyDevice.length);
    return devices.map((device) => ({ ...step, path: `/sys/devices/vio/${device}/${file}` }));
  });
}

const expandedSteps = defineMemo(
  (_: Observation) => new WeakMap<readonly WorkloadStep[], readonly WorkloadStep[]>(),
);

/** A workload's steps for the devices of a partition: one step for each device that a path with a star matches. */
export function stepsWith(
  observed: Observation,
  workload: readonly WorkloadStep[],
  cache: RunCache,
): readonly WorkloadStep[] {
  const known = cache.get(expandedSteps, observed);
  let steps = known.get(workload);
  if (steps === undefined) {
    steps = expandSteps(
      workload,
      observed.devices.map((device) => device.name),
    );
    known.set(workload, steps);
  }
  return steps;
}

/** One repetition of a step before or after the migrations. */
export type Step = Omit<WorkloadStep, 'when' | 'times'> & { readonly when: 'before' | 'after' };

/** The steps before or after the migrations, each repeated `times` times. */
export function* stepsOf(steps: readonly WorkloadStep[], when: 'before' | 'after'): Generator<Step> {
  for (const step of steps) {
    if (step.when !== when) continue;
    for (let time = 0; time < step.times; time++) yield { ...step, when };
  }
}

/**
 * Returns the steps with `when: during` as clients, which the partition runs concurrently with each migration.
 * @param observed observation before the migration: `use: drivers` means what the drivers bound then offer. A real kernel's crypto drivers have no
 *   file to use them by, so only its random number generator is used.
 */
export function clientsOf(steps: readonly WorkloadStep[], observed: Observation): readonly Client[] {
  return steps.filter((step) => step.when === 'during').flatMap((step) => clientsOfStep(step, observed));
}

function clientsOfStep(step: WorkloadStep, { devices, platform }: Observation): readonly Client[] {
  if (step.path === 'drivers') {
    return devices.flatMap(({ driver }) => {
      const use = uses.get(driver ?? '');
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
