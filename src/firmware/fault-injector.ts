import type { Chooser } from '../choice/index.ts';
import { extendedDelay, hasWorkArea, rtasStatus } from '../papr/index.ts';
import { anyCallFaults, type Fault, type FaultName, statusFaults } from './faults.ts';

/** A point of a run at which a fault can be injected. */
export interface InjectionPoint {
  /** Name of the RTAS function; for a message, the function that reports it. */
  readonly function: string;
  readonly path?: string;
  /** Phandle of the node; for a connector its drc index. */
  readonly phandle?: number;
  /** Only faults that name a place are injected here. */
  readonly onlyNamed?: true;
}

/** Decides whether a fault is injected at a point, and counts injections. */
export interface FaultInjector {
  /** Whether one of these faults has injections left. */
  mayInject(names: ReadonlySet<FaultName>): boolean;
  /** Injects and counts the first of these faults that applies at this point; undefined if none does. */
  inject(names: ReadonlySet<FaultName>, point: InjectionPoint): InjectedFault | undefined;
  /** How often each fault was injected so far, in the order of the list of faults. */
  readonly counts: readonly number[];
}

/** A fault that was injected. */
export interface InjectedFault {
  readonly fault: FaultName;
  /** How often it was injected before. */
  readonly previous: number;
}

/** @param chooser decides whether possible faults occur */
export function createFaultInjector(faults: readonly Fault[], chooser: Chooser): FaultInjector {
  const counts = faults.map(() => 0);
  const limits = faults.map(({ fault, times }) => times ?? (statusFaults.has(fault) ? 1 : Infinity));
  const isAvailable = ({ fault }: Fault, index: number, names: ReadonlySet<FaultName>) =>
    names.has(fault) && (counts[index] ?? 0) < (limits[index] ?? 0);

  function mayInject(names: ReadonlySet<FaultName>): boolean {
    for (let index = 0; index < faults.length; index++)
      if (isAvailable(faults[index] as Fault, index, names)) return true;
    return false;
  }

  function inject(names: ReadonlySet<FaultName>, point: InjectionPoint): InjectedFault | undefined {
    for (let index = 0; index < faults.length; index++) {
      const fault = faults[index] as Fault;
      if (!isAvailable(fault, index, names) || !matches(fault, point)) continue;
      const previous = counts[index] ?? 0;
      if (fault.possible && chooser.choose(2, `fault ${fault.fault} ${point.function}`) === 0) continue;
      counts[index] = previous + 1;
      return { fault: fault.fault, previous };
    }
    return undefined;
  }

  return { counts, mayInject, inject };
}

function matches({ fault, at }: Fault, point: InjectionPoint): boolean {
  if (at === undefined) {
    return !point.onlyNamed && (!statusFaults.has(fault) || hasWorkArea(point.function));
  }
  if (at === point.function || at === point.path) return true;
  return (
    point.phandle !== undefined &&
    /^(0x)?[0-9a-f]{1,8}$/i.test(at) &&
    Number.parseInt(at, 16) === point.phandle
  );
}

/** Whether `injectStatus` can inject. To find the injection point of a call takes as long as to answer the call. */
export function mayInjectStatus(injector: FaultInjector): boolean {
  return injector.mayInject(anyCallFaults);
}

/** The status of a fault that is injected instead of answering a call; undefined if none is. */
export function injectStatus(injector: FaultInjector, point: InjectionPoint): number | undefined {
  const injected = injector.inject(anyCallFaults, point);
  switch (injected?.fault) {
    case undefined:
      return undefined;
    case 'busy':
      return rtasStatus.busy;
    case 'extended-delay':
      return extendedDelay(injected.previous);
    case 'parameter-error':
      return rtasStatus.parameterError;
    default:
      return rtasStatus.hardwareError;
  }
}
