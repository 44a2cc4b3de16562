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

export interface FirmwareOptions {
  /** The trees between which the partition goes, in turn: from the first to the second, on or back, and so on. */
  readonly trees: readonly Tree[];
  /** `powervm` unless told. */
  readonly style?: PlanStyle;
  /** See `planMigration`. */
  readonly permitForbidden?: boolean;
  /** Plans made before, or by hand: for the first migration, the second, and so on, as often around as there are trees. */
  readonly plans?: readonly Plan[];
  readonly faults?: readonly Fault[];
  /** Decides the order of messages, the cutting into calls, and faults that strike perhaps. */
  readonly chooser?: Chooser;
  /** By the functions' names, as `/rtas` of the partition's tree has them. A function without token is not there. */
  readonly tokens?: ReadonlyMap<string, number>;
  readonly vasi?: VasiBehaviour;
  readonly limits?: ReplyLimits;
  /** Refuse work areas that are not aligned to 4 KiB, as LoPAR lets one do and kernels before 6.1 do not expect. */
  readonly strict?: boolean;
  /** Shared by the firmware of many runs; absent: its own. */
  readonly cache?: RunCache;
}

/** A firmware with what a spectator may know of it. */
export interface SimulatedFirmware extends Firmware {
  /** How many migrations there were: times that ibm,suspend-me succeeded. */
  readonly migrations: number;
  /** The tree that is in force: the first before any migration. */
  currentTree(): Tree;
  /** What the migration under way says, faults and order included; undefined before the first. */
  plan(): Plan | undefined;
  /** How often each of the faults struck so far, in the order in which they were given. */
  readonly faultCounts: readonly number[];
}

const plansFrom = defineMemo((_: Tree) => new WeakMap<Tree, Map<string, Plan>>());

/** Planned once for many runs: trees are never changed. */
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
 * The far side of migrations: answers the RTAS and hypervisor calls that a partition makes before, while and after it
 * is moved. Each ibm,suspend-me that succeeds is a migration; until the first there is nothing to tell (-3).
 *
 * Answers are determined by options and calls alone. Planning is done here for the first migration, and for each other
 * when it comes.
 *
 * @throws InputError if a plan cannot be made, see `planMigration`
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

  /** Answers a function without work area; each of them only succeeds. */
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
    if (found === undefined) throw new RangeError('a firmware needs trees');
    return found;
  }
}
