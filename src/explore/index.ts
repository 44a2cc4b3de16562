export { expectedRtasCoverage } from '../papr/index.ts';
export { type CampaignOptions, campaign } from './campaign/campaign.ts';
export { conformKind } from './campaign/conform-kind.ts';
export type { CampaignProgress, Executor } from './campaign/executor.ts';
export { exploreKind } from './campaign/explore-kind.ts';
export { fuzzKind } from './campaign/fuzz-kind.ts';
export { LocalExecutor } from './campaign/local-executor.ts';
export {
  type CampaignSpec,
  type ConformSpec,
  type ExploreSpec,
  type FuzzSpec,
  packScenario,
  type RealKernel,
  unpackScenario,
} from './campaign/spec.ts';
export {
  type ClientGroupName,
  clientGroups,
  defaultClientGroups,
  parseClientGroups,
  parsePossibleFaults,
  withClientsAndFaults,
} from './client-groups.ts';
export type { ConformResult } from './conform/conform.ts';
export { CoverageCollector } from './coverage.ts';
export { addExploreResults, type ExploreOptions, type ExploreResult, explore, PREEMPTED } from './explore.ts';
export { brokenRules, type Failure, isSimpler } from './failures.ts';
export {
  addFuzzResults,
  type FuzzContinuation,
  type FuzzOptions,
  type FuzzResult,
  type FuzzState,
  type FuzzTarget,
  fuzz,
} from './fuzz.ts';
export { LOG_SHAPE_PREFIX } from './fuzz-target.ts';
export { generatedFrom, generateScenario } from './generate/scenario.ts';
export { conformedToJunit, searchToJunit } from './junit.ts';
export { digestOf, fromRunToken, GENERATED, type RunReference, toRunToken } from './run-token.ts';
export type { Bounds } from './search/walk.ts';
export {
  generatorOptions,
  prepareScenario,
  type SearchSettings,
  scenarioOfToken,
  tokenSettings,
} from './settings.ts';
export { lengthOf, shrink } from './shrink.ts';
export { type SearchReport, searchToText } from './text.ts';
