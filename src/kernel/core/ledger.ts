import type { Clock } from './clock.ts';
import type { EventNode, Events } from './events.ts';

/** A node whose references are counted. */
export interface LedgerNode extends EventNode {
  readonly fullName: string;
  readonly count: number;
  readonly holders: HolderEntry[];
}

/**
 * The holder of a reference: a name, or a node, whose kobject holds its parent while it is in sysfs. Names are `initial` (created
 * with the node), `sysfs`, `vio ibm,random-v1`, `lookup in pseries_devicetree_update` and so on.
 */
export type HolderId = string | LedgerNode;

/** A holder in a node's ledger. Child nodes are not listed, there may be thousands: see `DeviceNode.kobjParent`. */
export interface HolderEntry {
  readonly who: string;
  /** Negative when more references were put than taken. */
  count: number;
}

/** One reference taken or put. */
export interface LedgerRecord {
  /** `RunEvent.id` of the event that records it. */
  readonly event: number;
  readonly seconds: number;
  /** The kernel's current step: `delete /ibm,platform-facilities`, `read …/devspec`. */
  readonly step: string;
  readonly node: LedgerNode;
  readonly who: string;
  readonly change: 1 | -1;
  /** The node's count afterwards. */
  readonly count: number;
}

/**
 * Records the holder of every reference. Entries are kept in each node; the history of all changes is recorded only on
 * request.
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

  /** Names the step of the changes that follow. The text is made only if the history is recorded. */
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
    const [kind, text] = change > 0 ? ['get', 'gets'] : ['put', 'puts'];
    this.#events.node('of', kind, node, `${who} ${text}`, { who, count });
  }
}

/** `child ibm,random-v1 in sysfs` for a node that holds its parent. */
export function holderName(who: HolderId): string {
  return typeof who === 'string' ? who : `child ${who.fullName} in sysfs`;
}

/** Searches from the newest entry on: lookups are short-lived, the other holders are not. */
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
