import { hexNumber } from '../base/index.ts';
import { workAreaOf } from './functions.ts';
import type { Rtas } from './rtas.ts';

/** One RTAS call as it happened, plain data: all that is needed to show its bytes and what they mean. */
export interface RtasTraceEntry {
  /** Number of the call among all that the partition has made since it booted, from 0: `RunEvent.call` names it. */
  readonly id: number;
  /** Name of the function; `0x3001` where the firmware does not know the token. */
  readonly name: string;
  readonly token: number;
  /** Unsigned words. */
  readonly args: readonly number[];
  readonly nret: number;
  /** The first is the status, signed. */
  readonly rets: readonly number[];
  /** The work area, where the function has one and its address is memory. */
  readonly area?: {
    readonly address: number;
    /** Copies of all its bytes. */
    readonly before: Uint8Array;
    readonly after: Uint8Array;
  };
}

/**
 * An `Rtas` before another that hands on a record of each call once it has returned. Copying the work areas takes
 * its time; where nobody looks, leave it out.
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
          if (error instanceof RangeError) return undefined; // a bad address is the firmware's to refuse
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
