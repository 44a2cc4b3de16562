import {
  type HcallResult,
  type Hypervisor,
  hcallStatus,
  hcalls,
  vasiSignal,
  vasiState,
} from '../papr/index.ts';

/** States of a migration's stream that `H_VASI_STATE` returns (`vasiState`), one for each call; the last one is repeated. */
export interface VasiStates {
  /** Before the partition suspends. Default: enabled, suspending. */
  readonly before?: readonly number[];
  /** After it resumed. Default: resumed, completed. */
  readonly after?: readonly number[];
}

/**
 * How firmware answers `H_VASI_STATE` and `H_VASI_SIGNAL`: with states; `absent`, with `H_FUNCTION`, as QEMU; `lost`, with
 * `H_PARAMETER`, as for an unknown stream.
 */
export type VasiBehaviour = VasiStates | 'absent' | 'lost';

/** Answers the VASI calls of one partition. */
export interface VasiHandler extends Hypervisor {
  /** Call when the partition has resumed at the destination. */
  resumed(): void;
}

/**
 * A stream that is new, completed or cancelled is a migration before its suspension. The states after the suspension are
 * those of the stream of the latest call.
 */
export function createVasi(vasi: VasiBehaviour): VasiHandler {
  const states = typeof vasi === 'string' ? {} : vasi;
  const before = states.before ?? [vasiState.enabled, vasiState.suspending];
  const after = states.after ?? [vasiState.resumed, vasiState.completed];
  let stream: bigint | undefined;
  let phase = before;
  let calls = 0;

  function start(now: bigint, states: readonly number[]): void {
    stream = now;
    phase = states;
    calls = 0;
  }

  function hcall(opcode: number, args: readonly bigint[]): HcallResult | undefined {
    if (opcode !== hcalls.H_VASI_STATE && opcode !== hcalls.H_VASI_SIGNAL) return undefined;
    if (vasi === 'absent') return undefined;
    const [handle = 0n, signal = 0n] = args;
    if (vasi === 'lost') return { status: hcallStatus.H_PARAMETER, values: [] };
    if (opcode === hcalls.H_VASI_SIGNAL) {
      if (Number(signal) !== vasiSignal.cancel) return { status: hcallStatus.H_PARAMETER, values: [] };
      start(handle, [vasiState.aborted]);
      return { status: hcallStatus.H_SUCCESS, values: [] };
    }
    if (handle !== stream) start(handle, before);
    const state = phase[Math.min(calls++, phase.length - 1)] ?? vasiState.invalid;
    if (state === vasiState.completed || state === vasiState.aborted) stream = undefined;
    return { status: hcallStatus.H_SUCCESS, values: [BigInt(state)] };
  }

  function resumed(): void {
    phase = after;
    calls = 0;
  }

  return { hcall, resumed };
}
