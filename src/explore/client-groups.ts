import { InputError } from '../base/index.ts';
import { type Fault, type FaultName, faultNames } from '../firmware/index.ts';
import type { Scenario, WorkloadStep } from '../migration/index.ts';

/**
 * Groups of clients that can run during a migration, by name. Each client does its work once, which keeps runs short; the search
 * tries every moment for it.
 */
export const clientGroups = {
  readers: {
    about: 'reads devspec of each VIO device',
    steps: [{ when: 'during', path: '/sys/devices/vio/*/devspec', times: 1 }],
  },
  requests: {
    about: 'sends one request to each driver',
    steps: [{ when: 'during', path: 'drivers', times: 1 }],
  },
  binder: {
    about: 'unbinds the driver of the random number generator and binds it again',
    steps: ['unbind', 'bind'].map((file) => ({
      when: 'during' as const,
      path: `/sys/bus/vio/drivers/pseries_rng/${file}`,
      write: 'ibm,random-v1',
      times: 1,
    })),
  },
  operator: {
    about: 'writes a property through /proc/ppc64/ofdt',
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
    about: 'adds and removes a connector through /sys/kernel/dlpar',
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

/** Name of a group of clients. */
export type ClientGroupName = keyof typeof clientGroups;

/** Names of all groups of clients. */
export const clientGroupNames = Object.keys(clientGroups) as readonly ClientGroupName[];

/** The groups of a scenario that has no clients of its own. */
export const defaultClientGroups: readonly ClientGroupName[] = ['readers'];

/** Adds groups of clients to a scenario that has no clients of its own, and faults that may be injected once each. */
export function withClientsAndFaults(
  scenario: Scenario,
  groups: readonly ClientGroupName[],
  possibleFaults: readonly FaultName[],
): Scenario {
  const hasClients = scenario.workload.some(({ when }) => when === 'during');
  const steps = hasClients ? [] : groups.flatMap((name): readonly WorkloadStep[] => clientGroups[name].steps);
  const faults = possibleFaults.map((fault): Fault => ({ fault, times: 1, possible: true }));
  return {
    ...scenario,
    workload: [...scenario.workload, ...steps],
    faults: [...scenario.faults, ...faults],
  };
}

/** Reads names of groups, separated by commas, or `none`. @throws InputError that lists the valid names */
export function parseClientGroups(text: string): readonly ClientGroupName[] {
  return names(text, clientGroupNames, 'group of clients');
}

/** Reads `busy,extended-delay`, `all` or `none`. @throws InputError that lists the valid names */
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
