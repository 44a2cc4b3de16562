import { type Chooser, first } from '../choice/index.ts';
import type { Tree } from '../devicetree/index.ts';
import { hcalls, type RtasCall, rtasFunctions, rtasStatus } from '../papr/index.ts';
import { answerCop } from './cop.ts';
import type { Fault } from './faults.ts';
import { createNodes } from './find-node.ts';
import type { Firmware } from './firmware.ts';
import { orderPlan } from './order.ts';
import type { Plan, Style } from './plan.ts';
import { spoilPlan } from './plan-faults.ts';
import { planMigration } from './plan-migration.ts';
import { remember } from './remember.ts';
import { isTreeFunction, type ServePlan, servePlan } from './serve/serve-plan.ts';
import type { Cut } from './serve/work.ts';
import { createStrikes, strikeStatus } from './strikes.ts';
import { defaultTokens, namesOf } from './tokens.ts';
import { createVasi, type Vasi } from './vasi.ts';

export interface FirmwareOptions {
  /** The trees between which the partition goes, in turn: from the first to the second, on or back, and so on. */
  readonly trees: readonly Tree[];
  /** `powervm` unless told. */
  readonly style?: Style;
  /** See `planMigration`. */
  readonly permitForbidden?: boolean;
  /** Plans made before, or by hand: for the first migration, the second, and so on, as often around as there are trees. */
  readonly plans?: readonly Plan[];
  readonly faults?: readonly Fault[];
  /** Decides the order of messages, the cutting into calls, and faults that strike perhaps. */
  readonly chooser?: Chooser;
  /** By the functions' names, as `/rtas` of the partition's tree has them. A function without token is not there. */
  readonly tokens?: ReadonlyMap<string, number>;
  readonly vasi?: Vasi;
  readonly cut?: Cut;
  /** Refuse work areas that are not aligned to 4 KiB, as LoPAR lets one do and kernels before 6.1 do not expect. */
  readonly strict?: boolean;
}

/** A firmware with what a spectator may know of it. */
export interface ServedFirmware extends Firmware {
  /** How many migrations there were: times that ibm,suspend-me succeeded. */
  readonly migrations: number;
  /** The tree that is in force: the first before any migration. */
  destination(): Tree;
  /** What the migration under way says, faults and order included; undefined before the first. */
  plan(): Plan | undefined;
  /** How often each of the faults struck so far, in the order in which they were given. */
  readonly strikes: readonly number[];
}

const plansFrom = remember((_: Tree) => new WeakMap<Tree, Map<string, Plan>>());

/** Planned once for many runs: trees are never changed. */
function planBetween(source: Tree, destination: Tree, style: Style, permitForbidden: boolean): Plan {
  const there = plansFrom(source);
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
export function createFirmware(options: FirmwareOptions): ServedFirmware {
  const { trees, style = 'powervm', faults = [], chooser = first, cut = {}, strict = false } = options;
  const { tokens = defaultTokens, permitForbidden = false } = options;
  const names = namesOf(tokens);
  const strikes = createStrikes(faults, chooser);
  const vasi = createVasi(options.vasi ?? {});
  let migrations = 0;
  let current: { readonly plan: Plan; readonly serve: ServePlan } | undefined;

  function treeAt(migration: number): Tree {
    const found = trees[migration % trees.length];
    if (found === undefined) throw new RangeError('a firmware needs trees');
    return found;
  }

  function planFrom(migration: number): Plan {
    const given = options.plans?.[migration % trees.length];
    return given ?? planBetween(treeAt(migration), treeAt(migration + 1), style, permitForbidden);
  }

  function migrate(): void {
    const planned = planFrom(migrations);
    const nodes = createNodes(treeAt(migrations), treeAt(migrations + 1), planned);
    const plan = orderPlan(spoilPlan(planned, strikes, nodes.unknown), chooser);
    current = { plan, serve: servePlan(plan, nodes.find, { chooser, strikes, cut, strict }) };
    migrations++;
    vasi.resumed();
  }

  function answer(name: string, call: RtasCall): number {
    if (call.args.length !== rtasFunctions['ibm,suspend-me'].nargs || call.nret !== 1)
      return rtasStatus.parameterError;
    const status = strikeStatus(strikes, () => ({ function: name }));
    if (status !== undefined) return status;
    if (name === 'ibm,suspend-me') migrate();
    return rtasStatus.success;
  }

  planFrom(0);
  return {
    tokens,
    call(call, memory) {
      const name = names.get(call.token) ?? '';
      let status: number = rtasStatus.parameterError;
      if (name === 'ibm,suspend-me' || name === 'ibm,activate-firmware') status = answer(name, call);
      else if (isTreeFunction(name) && current !== undefined) status = current.serve(name, call, memory);
      if (call.nret === 1) return [status];
      return [status, ...new Array<number>(Math.max(0, call.nret - 1)).fill(0)].slice(0, call.nret);
    },
    hcall: (opcode, args) =>
      opcode === hcalls.H_COP ? answerCop(treeAt(migrations), args) : vasi.hcall(opcode, args),
    get migrations() {
      return migrations;
    },
    destination: () => treeAt(migrations),
    plan: () => current?.plan,
    strikes: strikes.counts,
  };
}
