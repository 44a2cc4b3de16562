export { propertyChanges } from './changes.ts';
export { createFirmware, type FirmwareOptions, type SimulatedFirmware } from './create-firmware.ts';
export {
  anyCallFaults,
  checkFault,
  describeFault,
  type Fault,
  type FaultName,
  faultNames,
  parseFault,
} from './faults.ts';
export type { Firmware } from './firmware.ts';
export { orderPlan } from './order.ts';
export {
  type AddMessage,
  type DeleteMessage,
  type Messages,
  type Plan,
  type PlanStyle,
  type PropertyChange,
  planStyles,
  type UnreportedDifference,
  type UpdateMessage,
} from './plan.ts';
export { type PlanOptions, planMigration } from './plan-migration.ts';
export { type CollectResult, collectMessages } from './reconcile/collect.ts';
export type { CollectedAdd, CollectedMessages, CollectedUpdate } from './reconcile/collected.ts';
export { type Decision, decide } from './reconcile/decide.ts';
export type { ReconcileNote } from './reconcile/note.ts';
export { type ReconcilingFirmware, reconcile } from './reconcile/reconcile.ts';
export type { ReplyLimits } from './serve/context.ts';
export { namesByToken } from './tokens.ts';
export type { VasiBehaviour, VasiStates } from './vasi.ts';
