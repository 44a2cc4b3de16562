import {
  type HcallResult,
  type Hypervisor,
  hcallStatus,
  hcalls,
  vasiSignal,
  vasiState,
} from '../papr/index.ts';

/** What `H_VASI_STATE` says of a migration's stream, one state for each time it is asked; the last stays. */
export interface VasiStates {
  /** Until the partition suspends. Enabled, then suspending, unless told. */
  readonly before?: readonly number[];
  /** After it. Resumed, then completed, unless told. */
  readonly after?: readonly number[];
}

/**
 * How firmware answers `H_VASI_STATE` and `H_VASI_SIGNAL`: with states; not at all, as QEMU (`H_FUNCTION`); or as for
 * a stream that is lost (`H_PARAMETER`).
 */
export type VasiBehaviour = VasiStates | 'absent' | 'lost';

export interface VasiHandler extends Hypervisor {
  /** The partition has suspended and woken on the other side. */
  resumed(): void;
}

/**
 * A stream that was not heard of before is a new migration about to suspend, and so is one that was completed or
 * cancelled; what comes after the suspension belongs to the stream that was asked for last.
 */
export function createVasi(vasi: VasiBehaviour): VasiHandler {
  const states = typeof vasi === 'string' ? {} : vasi;
  const before = states.before ?? [vasiState.enabled, vasiState.suspending];
  const after = states.after ?? [vasiState.resumed, vasiState.completed];
  let stream: bigint | undefined;
  let phase = before;
  let asked = 0;

  function start(now: bigint, states: readonly number[]): void {
    stream = now;
    phase = states;
    asked = 0;
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
    const state = phase[Math.min(asked++, phase.length - 1)] ?? vasiState.invalid;
    if (state === vasiState.completed || state === vasiState.aborted) stream = undefined;
    return { status: hcallStatus.H_SUCCESS, values: [BigInt(state)] };
  }

  function resumed(): void {
    phase = after;
    asked = 0;
  }

  return { hcall, resumed };
}
