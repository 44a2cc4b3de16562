import { InputError } from '../base/index.ts';
import { type Fault, type FaultName, faultNames } from '../firmware/index.ts';
import type { Scenario, WorkloadStep } from '../migration/index.ts';

/**
 * Who else is in the partition while it migrates: each group by its name. A client does its work once, so that a run is
 * as short as can be; that it may come at any moment is the search's doing.
 */
export const clientGroups = {
  readers: {
    about: 'somebody reads devspec of each VIO device',
    steps: [{ when: 'during', path: '/sys/devices/vio/*/devspec', times: 1 }],
  },
  requests: {
    about: 'each driver has a client with one request in flight',
    steps: [{ when: 'during', path: 'drivers', times: 1 }],
  },
  binder: {
    about: 'somebody unbinds the random number generator and binds it again',
    steps: ['unbind', 'bind'].map((file) => ({
      when: 'during' as const,
      path: `/sys/bus/vio/drivers/pseries_rng/${file}`,
      write: 'ibm,random-v1',
      times: 1,
    })),
  },
  operator: {
    about: 'somebody writes a property through /proc/ppc64/ofdt',
    steps: [
      {
        when: 'during',
        path: '/proc/ppc64/ofdt',
        write: 'update_property 4294967285 ibm,note 4 note',
        times: 1,
      },
    ],
  },
  dlpar: {
    about: 'somebody adds and removes a connector through /sys/kernel/dlpar',
    steps: ['add', 'remove'].map((action) => ({
      when: 'during' as const,
      path: '/sys/kernel/dlpar',
      write: `dt ${action} index 0x20000001`,
      times: 1,
    })),
  },
} as const satisfies Readonly<
  Record<string, { readonly about: string; readonly steps: readonly WorkloadStep[] }>
>;

export type ClientGroupName = keyof typeof clientGroups;

export const clientGroupNames = Object.keys(clientGroups) as readonly ClientGroupName[];

/** The crowd of a scenario that has nobody in the partition during its migrations. */
export const defaultClientGroups: readonly ClientGroupName[] = ['readers'];

/** The scenario with somebody in the partition, where it has nobody of its own, and with faults that may strike. */
export function withClientsAndFaults(
  scenario: Scenario,
  crowd: readonly ClientGroupName[],
  possibleFaults: readonly FaultName[],
): Scenario {
  const isInhabited = scenario.workload.some(({ when }) => when === 'during');
  const steps = isInhabited ? [] : crowd.flatMap((name): readonly WorkloadStep[] => clientGroups[name].steps);
  const faults = possibleFaults.map((fault): Fault => ({ fault, times: 1, perhaps: true }));
  return {
    ...scenario,
    workload: [...scenario.workload, ...steps],
    faults: [...scenario.faults, ...faults],
  };
}

/** @throws InputError listing those that are known */
export function parseClientGroups(text: string): readonly ClientGroupName[] {
  return names(text, clientGroupNames, 'crowd');
}

/** Reads `busy,extended-delay`, `all` or `none`. @throws InputError listing those that are known */
export function parsePossibleFaults(text: string): readonly FaultName[] {
  const known = Object.keys(faultNames) as FaultName[];
  return text === 'all' ? known : names(text, known, 'fault');
}

function names<Name extends string>(text: string, known: readonly Name[], what: string): readonly Name[] {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name);
    if (found) return found;
    throw new InputError(`no such ${what}: ${name}`, {}, { hint: `known are none, ${known.join(', ')}` });
  });
}
