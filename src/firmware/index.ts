export { propertyChanges } from './changes.ts';
export { checkFault, describeFault, type Fault, type FaultName, faultNames, parseFault } from './faults.ts';
export type { Firmware } from './firmware.ts';
export { orderPlan } from './order.ts';
export {
  type AddMessage,
  type DeleteMessage,
  type Plan,
  type PropertyChange,
  type Style,
  styles,
  type Unsaid,
  type UpdateMessage,
} from './plan.ts';
export { type PlanOptions, planMigration } from './plan-migration.ts';
export { type Decision, decide } from './reconcile/decide.ts';
export { type Hearing, hear } from './reconcile/hear.ts';
export type { Heard, HeardAdd, HeardUpdate } from './reconcile/heard.ts';
export type { ReconcileNote } from './reconcile/note.ts';
export { type Reconciled, reconcile } from './reconcile/reconcile.ts';
export { remember } from './remember.ts';
export type { Cut } from './serve/work.ts';
export { createFirmware, type FirmwareOptions, type ServedFirmware } from './serve.ts';
export { defaultTokens, namesOf } from './tokens.ts';
export type { Vasi, VasiStates } from './vasi.ts';
