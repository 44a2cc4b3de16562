import {
  type Change,
  diffTrees,
  indexByPhandle,
  isOwnPhandle,
  joinPath,
  parseSysfsName,
  type Tree,
} from '../../devicetree/index.ts';
import type { VioDevice } from '../../partition/index.ts';
import { isOfBoot } from '../firmware-part.ts';
import { encodeCommand, inexpressible } from './ofdt.ts';
import { warningsOf } from './warnings.ts';

/** One property to be changed, by one write. */
export interface PlanStep {
  /** Path of the node. */
  readonly path: string;
  readonly name: string;
  /** Its value now; undefined: it is not there. */
  readonly from: Uint8Array | undefined;
  /** Its value afterwards; undefined: it is gone. */
  readonly to: Uint8Array | undefined;
  /** The bytes for /proc/ppc64/ofdt. */
  readonly write: Uint8Array;
  /** What this command does beside. */
  readonly warnings: readonly string[];
}

/** A difference for which there is no command. */
export interface Unmendable {
  /** Path of the node, or of the property after a colon. */
  readonly subject: string;
  readonly reason: string;
}

/** How the properties of a running tree become those that are wanted. */
export interface Plan {
  readonly steps: readonly PlanStep[];
  /** What needs a restart of the partition, and why. */
  readonly unmendable: readonly Unmendable[];
  /** Differences that are none of the server's: of this boot, or hidden in a capture. */
  readonly leftAlone: readonly string[];
  /** What stands in the way of every command. */
  readonly obstacles: readonly string[];
}

export interface PlanOptions {
  /** Kernel release of the partition; `''` or absent where it is not known. */
  readonly release?: string;
  /** What lockdown the kernel is under. */
  readonly lockdown?: string;
  /** Its VIO bus, to tell which drivers will not notice. */
  readonly devices?: readonly VioDevice[];
  /** Properties, by path, that a capture does not show. */
  readonly leftOut?: readonly string[];
}

/**
 * Plans the commands for `/proc/ppc64/ofdt`. Nodes are the same when their phandles are; they are never added, removed
 * or renamed.
 */
export function planChanges(running: Tree, wanted: Tree, options: PlanOptions = {}): Plan {
  const planning = new Planning(running, options);
  for (const change of diffTrees(running, wanted, { by: 'phandle' })) planning.take(change);
  const { steps, unmendable, leftAlone } = planning;
  // Properties are taken away last: a reader in between rather finds one too many.
  steps.sort((one, other) => Number(one.to === undefined) - Number(other.to === undefined));
  return { steps, unmendable, leftAlone, obstacles: obstacles(options) };
}

class Planning {
  readonly steps: PlanStep[] = [];
  readonly unmendable: Unmendable[] = [];
  readonly leftAlone: string[] = [];
  readonly #options: PlanOptions;
  readonly #leftOut: ReadonlySet<string>;
  readonly #ambiguous: ReadonlySet<number>;
  /** Nodes that should be others, or elsewhere: to give them properties of those would make it worse. */
  readonly #others = new Set<string>();

  constructor(running: Tree, options: PlanOptions) {
    this.#options = options;
    this.#leftOut = new Set(options.leftOut);
    this.#ambiguous = new Set(indexByPhandle(running).duplicates);
  }

  take(change: Change): void {
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
          'should be gone; who uses it would be left with a node that is detached',
        );
        break;
      case 'node-moved':
      case 'node-renamed':
        this.#node(change.before.path, `should be ${change.after.path}; the kernel cannot rename a node`);
        break;
      case 'node-replaced': {
        const differs = change.differs.join(', ');
        this.#node(change.before.path, `should be another node under its phandle (other ${differs})`);
        break;
      }
    }
  }

  #node(path: string, reason: string): void {
    this.#others.add(path);
    if (isOfBoot(path, '')) this.leftAlone.push(path);
    else this.unmendable.push({ subject: path, reason });
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
    // The kernel makes these itself where firmware does not give them: no difference.
    if ((own && (from === undefined || to === undefined)) || this.#others.has(path)) return;
    if (isOfBoot(path, name) || this.#leftOut.has(joinPath(path, name))) {
      this.leftAlone.push(subject);
      return;
    }
    const reason = own
      ? 'the kernel reads it once, when the node is attached'
      : this.#whyNot(place, name, to);
    if (reason !== undefined) {
      this.unmendable.push({ subject, reason });
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
    if (phandle === 0) return 'its node has no phandle, by which the command would name it';
    if (this.#ambiguous.has(phandle))
      return `phandle 0x${phandle.toString(16)} names more than one node: the command could reach the wrong one`;
    if (parseSysfsName(name).duplicate > 0)
      return 'two properties have this name, and the command would reach the first';
    if (name.startsWith('security-'))
      return 'it is a secret: the kernel hides its value, so that it could not be read back';
    if (name === 'slb-size' || name === 'ibm,slb-size')
      return 'the command would also set the size of the SLB, from bytes in the wrong order on little-endian kernels';
    if (path === '/ibm,dynamic-reconfiguration-memory')
      return 'the kernel (6.1 and later) takes a change of it for a change of its memory';
    return inexpressible(name, to);
  }
}

function obstacles({ release = '', lockdown }: PlanOptions): readonly string[] {
  if (lockdown === undefined || lockdown === 'none') return [];
  return [
    `kernel lockdown (${lockdown}) refuses every command on ${release === '' ? 'releases from 6.1 on' : release}`,
  ];
}
