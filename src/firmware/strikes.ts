import type { Chooser } from '../choice/index.ts';
import { extendedDelay, rtasStatus } from '../papr/index.ts';
import { type Fault, type FaultName, statusFaults } from './faults.ts';

/** Where a fault may strike now. */
export interface Place {
  /** Name of the RTAS function; the function that will tell of it, for a message. */
  readonly function: string;
  readonly path?: string;
  /** Phandle of the node; for a connector its drc index. */
  readonly phandle?: number;
  /** Only faults that name a place strike here. */
  readonly onlyNamed?: true;
}

/** Keeps account of faults: whether one strikes here and now, and how often each did. */
export interface Strikes {
  /** Whether one of these faults has not struck as often as it may. */
  hasLeft(names: ReadonlySet<FaultName>): boolean;
  /** The first of these faults that strikes at this place, or undefined; counts it. */
  strike(names: ReadonlySet<FaultName>, place: Place): Struck | undefined;
  /** How often each of the faults struck so far, in the order in which they were given. */
  readonly counts: readonly number[];
}

/** A strike. */
export interface Struck {
  readonly fault: FaultName;
  /** How often this one struck before. */
  readonly before: number;
}

export function createStrikes(faults: readonly Fault[], chooser: Chooser): Strikes {
  const counts = faults.map(() => 0);
  const most = faults.map(({ fault, times }) => times ?? (statusFaults.has(fault) ? 1 : Infinity));
  const isLeft = ({ fault }: Fault, index: number, names: ReadonlySet<FaultName>) =>
    names.has(fault) && (counts[index] ?? 0) < (most[index] ?? 0);

  function hasLeft(names: ReadonlySet<FaultName>): boolean {
    for (let index = 0; index < faults.length; index++)
      if (isLeft(faults[index] as Fault, index, names)) return true;
    return false;
  }

  function strike(names: ReadonlySet<FaultName>, place: Place): Struck | undefined {
    for (let index = 0; index < faults.length; index++) {
      const fault = faults[index] as Fault;
      if (!isLeft(fault, index, names) || !isHere(fault, place)) continue;
      const before = counts[index] ?? 0;
      if (fault.perhaps && chooser.choose(2, `fault ${fault.fault} ${place.function}`) === 0) continue;
      counts[index] = before + 1;
      return { fault: fault.fault, before };
    }
    return undefined;
  }

  return { counts, hasLeft, strike };
}

const treeFunctions = new Set(['ibm,update-nodes', 'ibm,update-properties', 'ibm,configure-connector']);

function isHere({ fault, at }: Fault, place: Place): boolean {
  if (at === undefined) {
    return !place.onlyNamed && (!statusFaults.has(fault) || treeFunctions.has(place.function));
  }
  if (at === place.function || at === place.path) return true;
  return (
    place.phandle !== undefined &&
    /^(0x)?[0-9a-f]{1,8}$/i.test(at) &&
    Number.parseInt(at, 16) === place.phandle
  );
}

/** `unusable` has its own moment, the first call for a node. */
const statusOfAnyCall: ReadonlySet<FaultName> = new Set(
  [...statusFaults].filter((fault) => fault !== 'unusable'),
);

/** Whether `strikeStatus` is worth asking: to know the place of a call costs as much as an answer. */
export function mayStrikeCalls(strikes: Strikes): boolean {
  return strikes.hasLeft(statusOfAnyCall);
}

/** The status with which a fault answers a call in place of what was asked; undefined if none strikes. */
export function strikeStatus(strikes: Strikes, place: Place): number | undefined {
  const struck = strikes.strike(statusOfAnyCall, place);
  switch (struck?.fault) {
    case undefined:
      return undefined;
    case 'busy':
      return rtasStatus.busy;
    case 'extended-delay':
      return extendedDelay(struck.before);
    case 'parameter-error':
      return rtasStatus.parameterError;
    default:
      return rtasStatus.hardwareError;
  }
}
