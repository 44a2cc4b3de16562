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

/** The result of a run on the model, without what only reports need. */
export interface PlayResult {
  readonly evidence: Required<Evidence>;
  readonly verdict: Verdict;
  readonly notes: readonly ReconcileNote[];
  /** How often each of the scenario's faults was injected. */
  readonly faultCounts: readonly number[];
}

/** Options of `play`. */
export interface PlayOptions {
  /** Makes every choice of firmware and kernel; the scenario's own seed and choices are ignored. */
  readonly chooser: Chooser;
  readonly watcher?: StepWatcher;
  readonly reconciler?: Reconciler;
  readonly listener?: CallListener;
  readonly allowed?: readonly string[];
  /** Shared by many runs, of one scenario or several; absent: its own, and nothing is shared. */
  readonly cache?: RunCache;
}

/** Called after each RTAS call with the name of the function, its status, and a function that reads its work area during the call. */
export interface CallListener {
  onCall(name: string, status: number, area: () => Uint8Array): void;
}

const none: readonly string[] = [];

/** What the runs of a scenario share. */
interface ScenarioCache {
  /** The observation of the booted partition. */
  start?: Observation;
  readonly verdicts: Verdicts;
}

const scenarioCache = defineMemo((_: Scenario): ScenarioCache => ({ verdicts: new Verdicts() }));

/**
 * Runs a scenario on the modelled kernel, synchronously and without a record of events: for callers that make thousands of runs.
 * The same choices give the same verdict as with `migrate`.
 * @throws InputError for a scenario that cannot be run, see `scenarioFirmware`
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
      faultCounts: far.faultCounts,
    };
  } finally {
    kernel.closeSync();
  }
}

function withCachedStart(near: ScenarioPartition, known: ScenarioCache): ScenarioPartition {
  let observed = false;
  const observe = () => {
    if (observed) return near.observe();
    observed = true;
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
