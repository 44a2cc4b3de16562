import type { Policy, PolicyName } from '../pseries/pseries-kernel.ts';
import { attachSubtree } from './attach-subtree.ts';
import { detach } from './detach.ts';
import { ignore } from './ignore.ts';
import { notify } from './notify.ts';
import { rebind } from './rebind.ts';
import { reconcileInKernel } from './reconcile-in-kernel.ts';

export type { Policy, PolicyName } from '../pseries/pseries-kernel.ts';

/** The policies that the model knows. */
export const policies: Readonly<Record<PolicyName, Policy>> = {
  detach,
  ignore,
  notify,
  rebind,
  'attach-subtree': attachSubtree,
  'reconcile-in-kernel': reconcileInKernel,
};

export const policyNames = Object.keys(policies) as readonly PolicyName[];
