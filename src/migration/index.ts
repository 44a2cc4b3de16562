export { type Disagreement, disagreements, modelOf } from './against-model.ts';
export { auditDrivers, type PropertyAudit } from './audit-drivers.ts';
export { compare } from './compare.ts';
export { findScenario } from './find-scenario.ts';
export { type Incomparable, incomparableFrom } from './known-differences.ts';
export { type Boot, bootModel, migrate } from './migrate.ts';
export { type Overrides, overrideScenario } from './override.ts';
export { type CallListener, type PlayOptions, type PlayResult, play } from './play.ts';
export {
  type PolicyChoice,
  policyChoices,
  type Scenario,
  scenarioDefaults,
  type WorkloadStep,
} from './scenario.ts';
export { parseScenario } from './scenario-file.ts';
export type { Reconciler } from './scenario-firmware.ts';
