export { expectedRtasCoverage } from '../papr/index.ts';
export { type CampaignOptions, type CampaignResult, campaign } from './campaign/campaign.ts';
export type { CampaignKind, SliceContext, SliceResult } from './campaign/campaign-kind.ts';
export { conformKind } from './campaign/conform-kind.ts';
export type { CampaignProgress, Executor, ExecutorOptions, NamedSlice } from './campaign/executor.ts';
export { exploreKind } from './campaign/explore-kind.ts';
export { type FuzzLane, fuzzKind } from './campaign/fuzz-kind.ts';
export { LocalExecutor } from './campaign/local-executor.ts';
export type { SeedRange } from './campaign/seeds.ts';
export {
  type CampaignSpec,
  type ConformSpec,
  type ExploreSpec,
  type FuzzSpec,
  type FuzzTargetSpec,
  type PackedScenario,
  packScenario,
  type RealKernel,
  type SpecBase,
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
  type TargetResult,
} from './fuzz.ts';
export { LOG_SHAPE_PREFIX } from './fuzz-target.ts';
export { type GeneratorOptions, generatedFrom, generateScenario } from './generate/scenario.ts';
export { conformedToJunit, searchToJunit } from './junit.ts';
export { digestOf, fromRunToken, GENERATED, type RunReference, toRunToken } from './run-token.ts';
export type { FootprintNames, Part, PartPoint, StepDone } from './search/part.ts';
export type { Bounds } from './search/walk.ts';
export {
  generatorOptions,
  prepareScenario,
  type SearchSettings,
  scenarioOfToken,
  tokenSettings,
} from './settings.ts';
export { type Attempt, lengthOf, type ShrinkResult, shrink } from './shrink.ts';
export { type SearchReport, searchToText } from './text.ts';
