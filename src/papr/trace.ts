import { hexNumber } from '../base/index.ts';
import { workAreaOf } from './functions.ts';
import type { Rtas } from './rtas.ts';

/** A recorded RTAS call: plain data, enough to show its bytes and their meaning. */
export interface RtasTraceEntry {
  /** Number of the call among all that the partition has made since it booted, from 0: `RunEvent.call` names it. */
  readonly id: number;
  /** Name of the function; the token as `0x3001` if the firmware does not know it. */
  readonly name: string;
  /** Token of the function. */
  readonly token: number;
  /** Unsigned words. */
  readonly args: readonly number[];
  /** Words that the caller expects. */
  readonly nret: number;
  /** The first is the status, signed. */
  readonly rets: readonly number[];
  /** The work area; absent if the function has none or its address is not memory. */
  readonly area?: {
    readonly address: number;
    /** Copies of its bytes before and after the call. */
    readonly before: Uint8Array;
    readonly after: Uint8Array;
  };
}

/**
 * Wraps an `Rtas` and records each call after it has returned. Each call is slower by two copies of its work area.
 * @param sink called with each record
 */
export function traceRtas(rtas: Rtas, sink: (entry: RtasTraceEntry) => void): Rtas {
  const { tokens } = rtas;
  const names = new Map(Array.from(tokens, ([name, token]) => [token, name]));
  let nextId = 0;
  return {
    tokens,
    call(call, memory) {
      const id = nextId++;
      const { token, args, nret } = call;
      const name = names.get(token) ?? hexNumber(token);
      const range = workAreaOf(name, args);
      const copy = () => {
        try {
          return range && memory.read(range.address, range.length).slice();
        } catch (error) {
          if (error instanceof RangeError) return undefined; // the firmware rejects a bad address
          throw error;
        }
      };
      const before = copy();
      const rets = rtas.call(call, memory);
      const after = before && copy();
      const entry = { id, name, token, args: [...args], nret, rets: [...rets] };
      const area = range && before && after && { address: range.address, before, after };
      sink(area === undefined ? entry : { ...entry, area });
      return rets;
    },
  };
}
