import { defineMemo, RunCache } from '../base/index.ts';
import { type Chooser, firstChooser } from '../choice/index.ts';
import type { Tree } from '../devicetree/index.ts';
import {
  defaultTokens,
  findRtasFunction,
  type GuestMemory,
  type HcallResult,
  hasWorkArea,
  hcalls,
  type RtasCall,
  rtasStatus,
} from '../papr/index.ts';
import { answerCop } from './cop.ts';
import { createFaultInjector, type FaultInjector, injectStatus } from './fault-injector.ts';
import type { Fault } from './faults.ts';
import type { Firmware } from './firmware.ts';
import { createNodeLookup } from './node-lookup.ts';
import { orderPlan } from './order.ts';
import type { Plan, PlanStyle } from './plan.ts';
import { applyPlanFaults } from './plan-faults.ts';
import { planMigration } from './plan-migration.ts';
import type { ReplyLimits } from './serve/context.ts';
import { type ServePlan, servePlan } from './serve/serve-plan.ts';
import { namesByToken } from './tokens.ts';
import { createVasi, type VasiBehaviour, type VasiHandler } from './vasi.ts';

/** How a modelled firmware behaves. */
export interface FirmwareOptions {
  /** The trees of the servers, at least one: the partition migrates from the first to the second, and so on in a cycle. */
  readonly trees: readonly Tree[];
  /** Default: `powervm`. */
  readonly style?: PlanStyle;
  /** Default: false; see `PlanOptions`. */
  readonly permitForbidden?: boolean;
  /** Plans for the migrations in order, instead of computed ones. They are reused from the first when a cycle of `trees` ends. */
  readonly plans?: readonly Plan[];
  /** Faults to inject. */
  readonly faults?: readonly Fault[];
  /** Decides the order of messages, how they are divided into calls, and whether possible faults occur. Default: `firstChooser`. */
  readonly chooser?: Chooser;
  /** Tokens by function name, as in `/rtas` of the partition's tree; a function without a token is absent. Default: `defaultTokens`. */
  readonly tokens?: ReadonlyMap<string, number>;
  /** Answers to `H_VASI_STATE` and `H_VASI_SIGNAL`. */
  readonly vasi?: VasiBehaviour;
  /** Limits of each reply. */
  readonly limits?: ReplyLimits;
  /** Reject work areas that are not aligned to 4 KiB; LoPAR permits that, kernels before 6.1 do not expect it. */
  readonly strict?: boolean;
  /** Shared by the firmware of many runs; absent: its own. */
  readonly cache?: RunCache;
}

/** A modelled firmware, with its state for observers. */
export interface SimulatedFirmware extends Firmware {
  /** The number of migrations: successful calls of ibm,suspend-me. */
  readonly migrations: number;
  /** The tree of the current server; the first before any migration. */
  currentTree(): Tree;
  /** The plan of the latest migration, with its faults and in its order; undefined before the first. */
  plan(): Plan | undefined;
  /** How often each fault was injected so far, in the order of `FirmwareOptions.faults`. */
  readonly faultCounts: readonly number[];
}

const plansFrom = defineMemo((_: Tree) => new WeakMap<Tree, Map<string, Plan>>());

/** Plans once for many runs: trees never change. */
function planBetween(
  source: Tree,
  destination: Tree,
  style: PlanStyle,
  permitForbidden: boolean,
  cache: RunCache,
): Plan {
  const there = cache.get(plansFrom, source);
  const plans = there.get(destination) ?? new Map<string, Plan>();
  there.set(destination, plans);
  const key = `${style} ${permitForbidden}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = planMigration(source, destination, { style, permitForbidden });
    plans.set(key, plan);
  }
  return plan;
}

/**
 * Creates a modelled firmware: it answers the RTAS and hypervisor calls of a partition before, during and after a
 * migration. Each successful ibm,suspend-me is a migration; before the first, functions with a work area return -3.
 *
 * Answers depend on options and calls alone. The first migration is planned here, each other when it starts.
 *
 * ```ts
 * const firmware = createFirmware({ trees: [before, after], faults: [parseFault('busy@ibm,update-nodes')] });
 * ```
 *
 * @throws InputError if the first migration cannot be planned, see `planMigration`
 */
export function createFirmware(options: FirmwareOptions): SimulatedFirmware {
  return new MigratingFirmware(options);
}

class MigratingFirmware implements SimulatedFirmware {
  readonly tokens: ReadonlyMap<string, number>;
  readonly #options: FirmwareOptions;
  readonly #cache: RunCache;
  readonly #names: ReadonlyMap<number, string>;
  readonly #chooser: Chooser;
  readonly #injector: FaultInjector;
  readonly #vasi: VasiHandler;
  #migrations = 0;
  #current: { readonly plan: Plan; readonly serve: ServePlan } | undefined;

  constructor(options: FirmwareOptions) {
    const {
      tokens = defaultTokens,
      faults = [],
      chooser = firstChooser,
      vasi = {},
      cache = new RunCache(),
    } = options;
    this.#options = options;
    this.#cache = cache;
    this.tokens = tokens;
    this.#names = cache.get(namesByToken, tokens);
    this.#chooser = chooser;
    this.#injector = createFaultInjector(faults, chooser);
    this.#vasi = createVasi(vasi);
    this.#planFrom(0);
  }

  get migrations(): number {
    return this.#migrations;
  }

  get faultCounts(): readonly number[] {
    return this.#injector.counts;
  }

  currentTree(): Tree {
    return this.#treeAt(this.#migrations);
  }

  plan(): Plan | undefined {
    return this.#current?.plan;
  }

  call(call: RtasCall, memory: GuestMemory): readonly number[] {
    const name = this.#names.get(call.token) ?? '';
    let status: number = rtasStatus.parameterError;
    if (!hasWorkArea(name)) status = this.#answer(name, call);
    else if (this.#current) status = this.#current.serve(name, call, memory);
    if (call.nret === 1) return [status];
    return [status, ...new Array<number>(Math.max(0, call.nret - 1)).fill(0)].slice(0, call.nret);
  }

  hcall(opcode: number, args: readonly bigint[]): HcallResult | undefined {
    return opcode === hcalls.H_COP ? answerCop(this.currentTree(), args) : this.#vasi.hcall(opcode, args);
  }

  /** Answers a function without a work area: with success, unless a fault is injected. */
  #answer(name: string, call: RtasCall): number {
    const known = findRtasFunction(name);
    if (known?.answeredBy !== 'firmware') return rtasStatus.parameterError;
    if (call.args.length !== known.args.length || call.nret !== known.nret) return rtasStatus.parameterError;
    const status = injectStatus(this.#injector, { function: name });
    if (status !== undefined) return status;
    if (name === 'ibm,suspend-me') this.#migrate();
    return rtasStatus.success;
  }

  #migrate(): void {
    const { limits = {}, strict = false } = this.#options;
    const [chooser, injector, cache] = [this.#chooser, this.#injector, this.#cache];
    const planned = this.#planFrom(this.#migrations);
    const nodes = createNodeLookup(
      this.#treeAt(this.#migrations),
      this.#treeAt(this.#migrations + 1),
      planned,
      cache,
    );
    const plan = orderPlan(applyPlanFaults(planned, injector, nodes.unusedPhandle), chooser, cache);
    const serve = servePlan(plan, nodes.find, { chooser, injector, limits, strict, cache });
    this.#current = { plan, serve };
    this.#migrations++;
    this.#vasi.resumed();
  }

  #planFrom(migration: number): Plan {
    const { plans, trees, style = 'powervm', permitForbidden = false } = this.#options;
    const given = plans?.[migration % trees.length];
    return (
      given ??
      planBetween(this.#treeAt(migration), this.#treeAt(migration + 1), style, permitForbidden, this.#cache)
    );
  }

  #treeAt(migration: number): Tree {
    const { trees } = this.#options;
    const found = trees[migration % trees.length];
    if (found === undefined) throw new RangeError('a firmware needs at least one tree');
    return found;
  }
}
