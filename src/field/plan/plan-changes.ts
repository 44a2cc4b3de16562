import {
  type Change,
  diffTrees,
  indexByPhandle,
  isOwnPhandle,
  joinPath,
  parseSysfsName,
  type Tree,
} from '../../devicetree/index.ts';
import { isOfBoot } from '../support/firmware-part.ts';
import { encodeCommand, inexpressible } from './ofdt.ts';
import type { NeedsRestart, Plan, PlanOptions, PlanStep } from './plan.ts';
import { warningsOf } from './warnings.ts';

/**
 * Plans the commands for `/proc/ppc64/ofdt`. Two nodes are the same when their phandles are equal. Nodes are never
 * added, removed or renamed.
 */
export function planChanges(running: Tree, wanted: Tree, options: PlanOptions = {}): Plan {
  const planner = new Planner(running, options);
  for (const change of diffTrees(running, wanted, { by: 'phandle' })) planner.add(change);
  const { steps, needsRestart, leftAlone } = planner;
  // Removals come last: in between, a reader finds a property too many rather than one too few.
  steps.sort((one, other) => Number(one.to === undefined) - Number(other.to === undefined));
  return { steps, needsRestart, leftAlone, obstacles: obstacles(options) };
}

class Planner {
  readonly steps: PlanStep[] = [];
  readonly needsRestart: NeedsRestart[] = [];
  readonly leftAlone: string[] = [];
  readonly #options: PlanOptions;
  readonly #leftOut: ReadonlySet<string>;
  readonly #ambiguous: ReadonlySet<number>;
  /** Nodes that should be other nodes, or elsewhere: the wanted properties belong to another node. */
  readonly #others = new Set<string>();

  constructor(running: Tree, options: PlanOptions) {
    this.#options = options;
    this.#leftOut = new Set(options.leftOut);
    this.#ambiguous = new Set(indexByPhandle(running).duplicates);
  }

  add(change: Change): void {
    switch (change.kind) {
      case 'property-added':
        this.#property(change.before, change.name, undefined, change.newValue);
        break;
      case 'property-removed':
        this.#property(change.before, change.name, change.oldValue, undefined);
        break;
      case 'property-changed':
        this.#property(change.before, change.name, change.oldValue, change.newValue);
        break;
      case 'node-added':
        this.#node(change.after.path, 'is missing; a node added by hand gets no device and no driver');
        break;
      case 'node-removed':
        this.#node(
          change.before.path,
          'should not exist; if it were removed, its users would keep a detached node',
        );
        break;
      case 'node-moved':
      case 'node-renamed':
        this.#node(change.before.path, `should be ${change.after.path}; the kernel cannot rename a node`);
        break;
      case 'node-replaced': {
        const differs = change.differs.join(', ');
        this.#node(change.before.path, `should be another node with this phandle (other ${differs})`);
        break;
      }
    }
  }

  #node(path: string, reason: string): void {
    this.#others.add(path);
    if (isOfBoot(path, '')) this.leftAlone.push(path);
    else this.needsRestart.push({ subject: path, reason });
  }

  #property(
    place: { path: string; phandle: number },
    name: string,
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
  ): void {
    const { path, phandle } = place;
    const subject = `${path}:${name}`;
    const own = name === 'name' || isOwnPhandle(name);
    // The kernel creates these where firmware does not give them: not a difference.
    if ((own && (from === undefined || to === undefined)) || this.#others.has(path)) return;
    if (isOfBoot(path, name) || this.#leftOut.has(joinPath(path, name))) {
      this.leftAlone.push(subject);
      return;
    }
    const reason = own
      ? 'the kernel reads it once, when the node is attached'
      : this.#whyNot(place, name, to);
    if (reason !== undefined) {
      this.needsRestart.push({ subject, reason });
      return;
    }
    const write = encodeCommand(
      to === undefined
        ? { verb: 'remove_property', phandle, name }
        : { verb: 'update_property', phandle, name, value: to },
    );
    this.steps.push({ path, name, from, to, write, warnings: warningsOf(path, name, this.#options) });
  }

  #whyNot(
    { path, phandle }: { path: string; phandle: number },
    name: string,
    to: Uint8Array | undefined,
  ): string | undefined {
    if (phandle === 0) return 'its node has no phandle, and the command names a node by its phandle';
    if (this.#ambiguous.has(phandle))
      return `phandle 0x${phandle.toString(16)} names more than one node: the command could change the wrong one`;
    if (parseSysfsName(name).duplicate > 0)
      return 'two properties have this name, and the command would change the first';
    if (name.startsWith('security-'))
      return 'it is a secret: the kernel hides its value, so it cannot be read back';
    if (name === 'slb-size' || name === 'ibm,slb-size')
      return 'the command would also set the size of the SLB, from bytes in the wrong order on little-endian kernels';
    if (path === '/ibm,dynamic-reconfiguration-memory')
      return 'the kernel (6.1 and later) treats a change of it as a change of its memory';
    return inexpressible(name, to);
  }
}

function obstacles({ release = '', lockdown }: PlanOptions): readonly string[] {
  if (lockdown === undefined || lockdown === 'none') return [];
  return [
    `kernel lockdown (${lockdown}) refuses every command on ${release === '' ? 'releases from 6.1 on' : release}`,
  ];
}
