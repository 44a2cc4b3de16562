import type { Flow } from '../core/flow.ts';
import type { DeviceNode, LiveProperty } from './device-node.ts';

/** struct of_reconfig_data and its action (OF_RECONFIG_*). */
export type ReconfigData =
  | { readonly action: 'attach'; readonly node: DeviceNode }
  | { readonly action: 'detach'; readonly node: DeviceNode }
  | { readonly action: 'add'; readonly node: DeviceNode; readonly property: LiveProperty }
  | { readonly action: 'remove'; readonly node: DeviceNode; readonly property: LiveProperty }
  | {
      readonly action: 'update';
      readonly node: DeviceNode;
      readonly property: LiveProperty;
      /** `null` if the update added the property. */
      readonly old: LiveProperty | null;
    };

/** A member of the chain. @returns 0, or a negative errno that ends the chain; a flow if it may sleep */
export interface Notifier {
  readonly name: string;
  notify(data: ReconfigData): Flow<number> | number;
}

/** of_reconfig_chain: a blocking notifier chain. All members have the same priority and run in the order of registration. */
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

/** of_reconfig_notify(). @returns the errno that ended the chain, or 0 */
export function* reconfigNotify(chain: NotifierChain, data: ReconfigData): Flow<number> {
  for (const member of chain.members) {
    const answer = member.notify(data);
    const error = typeof answer === 'number' ? answer : yield* answer;
    if (error !== 0) return error;
  }
  return 0;
}

/** of_property_notify(): there is no notification for nodes that are not in sysfs. */
export function* propertyNotify(chain: NotifierChain, data: ReconfigData): Flow<number> {
  return data.node.inSysfs ? yield* reconfigNotify(chain, data) : 0;
}
