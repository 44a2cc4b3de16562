import type { Flow } from '../core/flow.ts';
import type { DeviceNode, LiveProperty } from './device-node.ts';

/** What of_reconfig_notify() tells (OF_RECONFIG_*). */
export type ReconfigData =
  | { readonly action: 'attach'; readonly node: DeviceNode }
  | { readonly action: 'detach'; readonly node: DeviceNode }
  | { readonly action: 'add'; readonly node: DeviceNode; readonly property: LiveProperty }
  | { readonly action: 'remove'; readonly node: DeviceNode; readonly property: LiveProperty }
  | {
      readonly action: 'update';
      readonly node: DeviceNode;
      readonly property: LiveProperty;
      /** `null` when the update made the property. */
      readonly old: LiveProperty | null;
    };

/** A listener. @returns 0, or a negative errno, which keeps the news from those behind it; a flow where it may sleep */
export interface Notifier {
  readonly name: string;
  notify(data: ReconfigData): Flow<number> | number;
}

/** of_reconfig_chain: a blocking notifier chain whose members all have one priority, so that they stand as they came. */
export class NotifierChain {
  #members: readonly Notifier[] = [];

  register(notifier: Notifier): void {
    this.#members = [...this.#members, notifier];
  }

  unregister(notifier: Notifier): void {
    this.#members = this.#members.filter((member) => member !== notifier);
  }

  get members(): readonly Notifier[] {
    return this.#members;
  }
}

/** of_reconfig_notify(). @returns the errno of who stopped the chain, or 0 */
export function* reconfigNotify(chain: NotifierChain, data: ReconfigData): Flow<number> {
  for (const member of chain.members) {
    const answer = member.notify(data);
    const error = typeof answer === 'number' ? answer : yield* answer;
    if (error !== 0) return error;
  }
  return 0;
}

/** of_property_notify(): nodes that are not in sysfs change silently. */
export function* propertyNotify(chain: NotifierChain, data: ReconfigData): Flow<number> {
  return data.node.inSysfs ? yield* reconfigNotify(chain, data) : 0;
}
