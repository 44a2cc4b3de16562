export type { Blocked, StepWatcher } from './core/watch.ts';
export type { BootOptions } from './kernel.ts';
export { bootKernel, type ModelledPartition } from './modelled-partition.ts';
export { type Policy, type PolicyName, policies, policyNames } from './policies/index.ts';
export type { KernelConfig } from './pseries/pseries-kernel.ts';
export type * from './public-types.ts';
