import type { RunEvent } from '../../partition/index.ts';
import type { Clock } from './clock.ts';

/** A node as events show it. */
export interface EventNode {
  readonly path: string;
  readonly phandle: number;
}

/** Events so far, for timelines and the ledger's history. Recorded only on request, because making the texts takes time. */
export class Events {
  readonly list: RunEvent[] = [];
  readonly #clock: Clock;
  readonly enabled: boolean;

  constructor(clock: Clock, keep: boolean) {
    this.#clock = clock;
    this.enabled = keep;
  }

  /** Records an event of a node. */
  node(
    lane: RunEvent['lane'],
    kind: string,
    node: EventNode,
    text: string,
    more?: Readonly<Record<string, unknown>>,
  ): void {
    if (!this.enabled) return;
    const { path, phandle } = node;
    this.list.push({
      id: this.list.length,
      seconds: this.#clock.seconds,
      lane,
      kind,
      text: `${text} ${path}`,
      node: path,
      data: { phandle, ...more },
    });
  }

  /**
   * An event that is not about a node.
   * @param call number of the RTAS call since boot
   */
  note(
    lane: RunEvent['lane'],
    kind: string,
    text: string,
    data?: Readonly<Record<string, unknown>>,
    call?: number,
  ): void {
    if (!this.enabled) return;
    const { length: id } = this.list;
    const { seconds } = this.#clock;
    this.list.push({
      id,
      seconds,
      lane,
      kind,
      text,
      ...(call !== undefined && { call }),
      ...(data && { data }),
    });
  }
}
