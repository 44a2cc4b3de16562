import type { RunCache } from '../../base/index.ts';
import {
  type GuestMemory,
  type RtasCall,
  type RtasFunction,
  rtasFunctions,
  rtasStatus,
  WORK_AREA_SIZE,
  type WorkAreaFunctionName,
  wordAt,
  workAreaFunctions,
} from '../../papr/index.ts';
import { type InjectionPoint, injectStatus, mayInjectStatus } from '../fault-injector.ts';
import type { Messages } from '../plan.ts';
import { connectorsByIndex } from './configure-connector.ts';
import { plainContext, type ServeContext, type WorkAreaServer } from './context.ts';
import { type FindUpdate, servers } from './servers.ts';

/** Answers a call of a function with a work area. @returns the status; the reply is in the call's work area */
export type ServePlan = (name: WorkAreaFunctionName, call: RtasCall, memory: GuestMemory) => number;

/** Scopes of LoPAR 7.4.8: the plan is that of scope 1, migration and hibernation; 2 and 3 report no change. */
const MIGRATION = 1;
const OTHER_SCOPES: ReadonlySet<number> = new Set([2, 3]);

/**
 * Serves a plan's messages, call by call. Answers -3 to a wrong number of arguments, to a work area that is not memory,
 * to one that is not aligned if it is `strict`, and to an unknown scope.
 */
export function servePlan(
  messages: Messages,
  find: FindUpdate,
  context: ServeContext & { readonly strict: boolean },
): ServePlan {
  const serve = new Map<string, WorkAreaServer>();
  for (const name of workAreaFunctions) {
    const { scope }: RtasFunction = rtasFunctions[name];
    const server = servers[name]({ messages, find }, context);
    serve.set(name, scope === undefined ? server : byScope(name, server, find, context.cache));
  }
  // A caller keeps its work area for dozens of calls, and each check takes as long as an answer.
  let checked: { readonly memory: GuestMemory; readonly address: number } | undefined;

  return (name, { args, nret }, memory) => {
    const [address = 0, argument = 0] = args;
    const expected = rtasFunctions[name];
    if (args.length !== expected.args.length || nret !== expected.nret) return rtasStatus.parameterError;
    if (context.strict && address % WORK_AREA_SIZE !== 0) return rtasStatus.parameterError;
    if (checked?.memory !== memory || checked.address !== address) {
      if (!isMemory(memory, address, expected.workArea.size)) return rtasStatus.parameterError;
      checked = { memory, address };
    }
    if (mayInjectStatus(context.injector)) {
      const point = pointOf(name, memory, address, messages, find, context.cache);
      const status = injectStatus(context.injector, point);
      if (status !== undefined) return status;
    }
    return serve.get(name)?.(memory, address, argument) ?? rtasStatus.parameterError;
  };
}

const noMessages: Messages = { deletes: [], updates: [], adds: [] };

/** The servers of scopes 2 and 3 are made for each call: without changes they have no state, and kernels do not call them. */
function byScope(
  name: WorkAreaFunctionName,
  migration: WorkAreaServer,
  find: FindUpdate,
  cache: RunCache,
): WorkAreaServer {
  return (memory, address, scope) => {
    if (scope === MIGRATION) return migration(memory, address, scope);
    if (!OTHER_SCOPES.has(scope)) return rtasStatus.parameterError;
    const withoutChanges: FindUpdate = (phandle) => {
      const found = find(phandle);
      return found && { ...found, changes: [] };
    };
    const server = servers[name]({ messages: noMessages, find: withoutChanges }, plainContext(cache));
    return server(memory, address, scope);
  };
}

function isMemory(memory: GuestMemory, address: number, size: number): boolean {
  try {
    memory.read(address, size);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The node that a call is about; the registry says what the first word of its work area identifies. */
function pointOf(
  name: WorkAreaFunctionName,
  memory: GuestMemory,
  address: number,
  { adds }: Messages,
  find: FindUpdate,
  cache: RunCache,
): InjectionPoint {
  const { workArea }: RtasFunction = rtasFunctions[name];
  if (workArea?.subject === undefined) return { function: name };
  const phandle = wordAt(memory.read(address, 4), 0);
  const path =
    workArea.subject === 'phandle'
      ? find(phandle)?.path
      : cache.get(connectorsByIndex, adds).get(phandle)?.path;
  return path === undefined ? { function: name, phandle } : { function: name, phandle, path };
}
