import { memoize } from '../base/index.ts';
import type { Chooser } from '../choice/index.ts';
import { type Firmware, namesByToken, type ReconcileNote } from '../firmware/index.ts';
import { bootKernel, type StepWatcher } from '../kernel/index.ts';
import { WORK_AREA_SIZE } from '../papr/index.ts';
import type { Observation } from '../partition/index.ts';
import { type Evidence, type Verdict, Verdicts } from '../verdict/index.ts';
import { farSide, lastTrees, type Reconciler } from './far-side.ts';
import { atOnce, type Near, pass, synchronous } from './pass.ts';
import { type Scenario, underPolicy } from './scenario.ts';

/** What a run on the model gave, without what only reports need. */
export interface Played {
  readonly evidence: Required<Evidence>;
  readonly verdict: Verdict;
  readonly notes: readonly ReconcileNote[];
  /** How often each of the scenario's faults struck. */
  readonly strikes: readonly number[];
}

export interface PlayOptions {
  /** Takes every choice of firmware and kernel; the scenario's own seed and choices are not looked at. */
  readonly chooser: Chooser;
  readonly watcher?: StepWatcher;
  readonly reconciler?: Reconciler;
  readonly listener?: CallListener;
  readonly allowed?: readonly string[];
}

/** Told of each RTAS call: name of the function, status, and how to get at its work area while it is told. */
export interface CallListener {
  onCall(name: string, status: number, area: () => Uint8Array): void;
}

const none: readonly string[] = [];

/** What is the same in all runs of a scenario, or in many of them. */
interface Known {
  /** The look of the partition when it has just booted. */
  start?: Observation;
  readonly verdicts: Verdicts;
}

const knownOf = memoize((_: Scenario): Known => ({ verdicts: new Verdicts() }));

/**
 * Runs a scenario on the modelled kernel as `migrate` does, but at once and without keeping what happened: for those who
 * run it by the thousand. The same choices give the same verdict in both.
 */
export function play(scenario: Scenario, options: PlayOptions): Played {
  const { chooser, watcher, listener, allowed = none } = options;
  const policy = underPolicy(scenario);
  const known = knownOf(scenario);
  const far = farSide(scenario, chooser, [], options.reconciler);
  const kernel = bootKernel({
    tree: scenario.before,
    release: scenario.release,
    firmware: listener ? heard(far.firmware, listener) : far.firmware,
    cpus: scenario.cpus,
    chooser,
    ...(watcher && { watcher }),
    ...(policy && { policy }),
    ...(scenario.drivers && { drivers: scenario.drivers }),
  });
  try {
    const near = synchronous(kernel);
    const { before, after, migrations } = atOnce(pass(withKnownStart(near, known), scenario));
    const [source, destination] = lastTrees(scenario, far.trees);
    const outcomes = migrations.map((migration) => migration.outcome);
    const evidence = { source, destination, before, after, outcomes };
    return {
      evidence,
      verdict: known.verdicts.on(evidence, allowed),
      notes: far.notes(),
      strikes: far.strikes,
    };
  } finally {
    kernel.closeSync();
  }
}

function withKnownStart(near: Near, known: Known): Near {
  let looked = false;
  const observe = () => {
    if (looked) return near.observe();
    looked = true;
    known.start ??= near.observe() as Observation;
    return known.start;
  };
  return { ...near, observe };
}

function heard(firmware: Firmware, listener: CallListener): Firmware {
  const { tokens } = firmware;
  const names = namesByToken(tokens);
  const hcall: Firmware['hcall'] = (opcode, args) => firmware.hcall(opcode, args);
  const call: Firmware['call'] = (call, memory) => {
    const rets = firmware.call(call, memory);
    const name = names.get(call.token) ?? `0x${call.token.toString(16)}`;
    listener.onCall(name, rets[0] ?? 0, () => memory.read(call.args[0] ?? 0, WORK_AREA_SIZE));
    return rets;
  };
  return { tokens, hcall, call };
}
