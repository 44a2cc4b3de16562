import type { Clock } from './clock.ts';
import type { EventNode, Events } from './events.ts';

/** A node whose references are counted. */
export interface LedgerNode extends EventNode {
  readonly fullName: string;
  readonly count: number;
  readonly holders: HolderEntry[];
}

/**
 * Who holds a reference: a name such as `initial`, `sysfs`, `vio ibm,random-v1`, `lookup in pseries_devicetree_update`, or
 * a node, which holds its parent through its kobject while it is in sysfs.
 */
export type HolderId = string | LedgerNode;

/** What a node's ledger says of a holder; children stand in `DeviceNode.kobjParent` instead, there may be thousands. */
export interface HolderEntry {
  readonly who: string;
  /** Negative where more was put than had been taken. */
  count: number;
}

/** One reference taken or given back, in order; the dump that kernel developers have asked for. */
export interface LedgerRecord {
  /** `RunEvent.id` of the event that records it. */
  readonly event: number;
  readonly seconds: number;
  /** What the kernel was doing: `delete /ibm,platform-facilities`, `read …/devspec`. */
  readonly step: string;
  readonly node: LedgerNode;
  readonly who: string;
  readonly change: 1 | -1;
  /** The node's count afterwards. */
  readonly count: number;
}

/**
 * The ledger: a reference count says *that* somebody holds a node, the ledger says *who*. Each node carries its own
 * entries; the history of every change is kept only when asked for.
 */
export class Ledger {
  readonly history: LedgerRecord[] | undefined;
  readonly #clock: Clock;
  readonly #events: Events;
  #step = 'boot';

  constructor(clock: Clock, events: Events) {
    this.#clock = clock;
    this.#events = events;
    this.history = events.enabled ? [] : undefined;
  }

  /** Names what happens from here on. The text is made only when somebody keeps it. */
  step(what: string, about?: LedgerNode): void {
    if (this.history) this.#step = about ? `${what} ${about.path}` : what;
  }

  recordGet(node: LedgerNode, who: HolderId): void {
    if (typeof who === 'string') change(node.holders, who, 1);
    if (this.history) this.#record(node, who, 1);
  }

  recordPut(node: LedgerNode, who: HolderId): void {
    if (typeof who === 'string') change(node.holders, who, -1);
    if (this.history) this.#record(node, who, -1);
  }

  #record(node: LedgerNode, holder: HolderId, change: 1 | -1): void {
    const who = holderName(holder);
    const { count } = node;
    const event = this.#events.list.length;
    this.history?.push({ event, seconds: this.#clock.seconds, step: this.#step, node, who, change, count });
    const [kind, text] = change > 0 ? ['get', 'takes'] : ['put', 'lets go of'];
    this.#events.node('of', kind, node, `${who} ${text}`, { who, count });
  }
}

/** `child ibm,random-v1 in sysfs` for a node that holds its parent. */
export function holderName(who: HolderId): string {
  return typeof who === 'string' ? who : `child ${who.fullName} in sysfs`;
}

/** The newest entries are looked at first: lookups come and go while the others stay. */
function change(holders: HolderEntry[], who: string, by: 1 | -1): void {
  for (let i = holders.length - 1; i >= 0; i--) {
    const entry = holders[i];
    if (entry?.who !== who) continue;
    entry.count += by;
    if (entry.count === 0) holders.splice(i, 1);
    return;
  }
  holders.push({ who, count: by });
}
