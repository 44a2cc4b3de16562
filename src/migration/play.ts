import { defineMemo, RunCache } from '../base/index.ts';
import type { Chooser } from '../choice/index.ts';
import { type Firmware, namesByToken, type ReconcileNote } from '../firmware/index.ts';
import { bootKernel, type StepWatcher } from '../kernel/index.ts';
import { WORK_AREA_SIZE } from '../papr/index.ts';
import type { Observation } from '../partition/index.ts';
import { type Evidence, type Verdict, Verdicts } from '../verdict/index.ts';
import { driveSync, runScenario, type ScenarioPartition, syncPartition } from './run-scenario.ts';
import { kernelPolicyOf, type Scenario } from './scenario.ts';
import { lastTrees, type Reconciler, scenarioFirmware } from './scenario-firmware.ts';

/** What a run on the model gave, without what only reports need. */
export interface PlayResult {
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
  /** Shared by many runs, of one scenario or several; absent: its own, and nothing is shared. */
  readonly cache?: RunCache;
}

/** Told of each RTAS call: name of the function, status, and how to get at its work area while it is told. */
export interface CallListener {
  onCall(name: string, status: number, area: () => Uint8Array): void;
}

const none: readonly string[] = [];

/** What is the same in all runs of a scenario, or in many of them. */
interface ScenarioCache {
  /** The look of the partition when it has just booted. */
  start?: Observation;
  readonly verdicts: Verdicts;
}

const scenarioCache = defineMemo((_: Scenario): ScenarioCache => ({ verdicts: new Verdicts() }));

/**
 * Runs a scenario on the modelled kernel as `migrate` does, but at once and without keeping what happened: for those who
 * run it by the thousand. The same choices give the same verdict in both.
 */
export function play(scenario: Scenario, options: PlayOptions): PlayResult {
  const { chooser, watcher, listener, allowed = none, cache = new RunCache() } = options;
  const policy = kernelPolicyOf(scenario);
  const known = cache.get(scenarioCache, scenario);
  const far = scenarioFirmware(scenario, chooser, cache, [], options.reconciler);
  const kernel = bootKernel({
    tree: scenario.before,
    release: scenario.release,
    firmware: listener ? withListener(far.firmware, listener, cache) : far.firmware,
    cpus: scenario.cpus,
    chooser,
    cache,
    ...(watcher && { watcher }),
    ...(policy && { policy }),
    ...(scenario.drivers && { drivers: scenario.drivers }),
  });
  try {
    const near = syncPartition(kernel);
    const { before, after, migrations } = driveSync(
      runScenario(withCachedStart(near, known), scenario, cache),
    );
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

function withCachedStart(near: ScenarioPartition, known: ScenarioCache): ScenarioPartition {
  let looked = false;
  const observe = () => {
    if (looked) return near.observe();
    looked = true;
    known.start ??= near.observe() as Observation;
    return known.start;
  };
  return { ...near, observe };
}

function withListener(firmware: Firmware, listener: CallListener, cache: RunCache): Firmware {
  const { tokens } = firmware;
  const names = cache.get(namesByToken, tokens);
  const hcall: Firmware['hcall'] = (opcode, args) => firmware.hcall(opcode, args);
  const call: Firmware['call'] = (call, memory) => {
    const rets = firmware.call(call, memory);
    const name = names.get(call.token) ?? `0x${call.token.toString(16)}`;
    listener.onCall(name, rets[0] ?? 0, () => memory.read(call.args[0] ?? 0, WORK_AREA_SIZE));
    return rets;
  };
  return { tokens, hcall, call };
}
