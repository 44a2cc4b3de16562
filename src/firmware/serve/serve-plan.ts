import { firstChooser } from '../../choice/index.ts';
import {
  type GuestMemory,
  type RtasCall,
  rtasFunctions,
  rtasStatus,
  WORK_AREA_SIZE,
  wordAt,
} from '../../papr/index.ts';
import {
  createFaultInjector,
  type InjectionPoint,
  injectStatus,
  mayInjectStatus,
} from '../fault-injector.ts';
import type { Messages, Plan, UpdateMessage } from '../plan.ts';
import { connectorsOf, serveConfigureConnector } from './configure-connector.ts';
import type { ServeContext, WorkAreaServer } from './context.ts';
import { serveUpdateNodes } from './update-nodes.ts';
import { serveUpdateProperties } from './update-properties.ts';

/** The three functions that tell a partition of its new tree. */
export type TreeFunction = 'ibm,update-nodes' | 'ibm,update-properties' | 'ibm,configure-connector';

export function isTreeFunction(name: string): name is TreeFunction {
  return (
    name === 'ibm,update-nodes' || name === 'ibm,update-properties' || name === 'ibm,configure-connector'
  );
}

/** Answers a call of one of the three functions. @returns the status; the reply is in the call's work area */
export type ServePlan = (name: TreeFunction, call: RtasCall, memory: GuestMemory) => number;

/** What to tell of a phandle, be it in the plan or not; undefined for one that no node has. */
export type FindNode = (phandle: number) => UpdateMessage | undefined;

const MIGRATION = 1;

/**
 * Serves a plan's messages, call by call. Says -3 to wrong counts of arguments, to a work area that is not memory, to
 * one that is not aligned if it is `strict`, and to a scope that it was not told of; the other scopes of LoPAR's table,
 * 2 and 3, have nothing to tell.
 */
export function servePlan(
  plan: Plan,
  find: FindNode,
  work: ServeContext & { readonly strict: boolean },
): ServePlan {
  const pathOnly: FindNode = (phandle) => {
    const found = find(phandle);
    return found && { ...found, changes: [] };
  };
  const serve: Readonly<Record<TreeFunction, WorkAreaServer>> = {
    'ibm,update-nodes': byScope(serveUpdateNodes(plan, work), () => serveUpdateNodes(nothing, quiet)),
    'ibm,update-properties': byScope(serveUpdateProperties(find, work), () =>
      serveUpdateProperties(pathOnly, quiet),
    ),
    'ibm,configure-connector': serveConfigureConnector(plan.adds, work),
  };
  // A caller's work area stays where it is for dozens of calls; asking each time costs as much as answering.
  let checked: { readonly memory: GuestMemory; readonly address: number } | undefined;

  return (name, { args, nret }, memory) => {
    const [address = 0, argument = 0] = args;
    const expected = rtasFunctions[name];
    if (args.length !== expected.nargs || nret !== expected.nret) return rtasStatus.parameterError;
    if (work.strict && address % WORK_AREA_SIZE !== 0) return rtasStatus.parameterError;
    if (checked?.memory !== memory || checked.address !== address) {
      if (!isMemory(memory, address)) return rtasStatus.parameterError;
      checked = { memory, address };
    }
    if (mayInjectStatus(work.injector)) {
      const status = injectStatus(work.injector, placeOf(name, memory, address, plan, find));
      if (status !== undefined) return status;
    }
    return serve[name](memory, address, argument);
  };
}

const nothing: Messages = { deletes: [], updates: [], adds: [] };
const quiet: ServeContext = {
  chooser: firstChooser,
  injector: createFaultInjector([], firstChooser),
  limits: {},
};

/** @param others made for each call: with nothing to tell it has no place to remember, and kernels do not ask */
function byScope(migration: WorkAreaServer, others: () => WorkAreaServer): WorkAreaServer {
  return (memory, address, scope) => {
    if (scope === MIGRATION) return migration(memory, address, scope);
    return scope === 2 || scope === 3 ? others()(memory, address, scope) : rtasStatus.parameterError;
  };
}

function isMemory(memory: GuestMemory, address: number): boolean {
  try {
    memory.read(address, WORK_AREA_SIZE);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Which node a call is about, as its work area says. */
function placeOf(
  name: TreeFunction,
  memory: GuestMemory,
  address: number,
  plan: Plan,
  find: FindNode,
): InjectionPoint {
  if (name === 'ibm,update-nodes') return { function: name };
  const phandle = wordAt(memory.read(address, 4), 0);
  const path =
    name === 'ibm,update-properties' ? find(phandle)?.path : connectorsOf(plan.adds).get(phandle)?.path;
  return path === undefined ? { function: name, phandle } : { function: name, phandle, path };
}
