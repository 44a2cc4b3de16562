export { expectedRtasCoverage } from '../papr/index.ts';
export {
  type Ask,
  type ConformAsk,
  type ExploreAsk,
  type FuzzAsk,
  pack,
  type RealKernel,
  unpack,
} from './campaign/ask.ts';
export { type CampaignOptions, campaign } from './campaign/campaign.ts';
export { conformKind } from './campaign/conform-kind.ts';
export type { Crew, News } from './campaign/crew.ts';
export { exploreKind } from './campaign/explore-kind.ts';
export { fuzzKind } from './campaign/fuzz-kind.ts';
export { LocalCrew } from './campaign/local-crew.ts';
export type { Conformed } from './conform/conform.ts';
export { addExplored, type Explored, type ExploreOptions, explore, preempted } from './explore.ts';
export { brokenRules, type Failure, isShorter } from './failures.ts';
export {
  addFuzzed,
  type Fuzzed,
  type FuzzOptions,
  fuzz,
  type Memory,
  type Remembered,
  type Subject,
} from './fuzz.ts';
export { generatedFrom, generateScenario } from './generate/scenario.ts';
export { conformedToJunit, searchToJunit } from './junit.ts';
export { prepare, type Said, scenarioOf, settingsOf, settledBy } from './name.ts';
export { digestOf, fromRunToken, generated, type RunName, toRunToken } from './run-token.ts';
export type { Bounds } from './search/walk.ts';
export { type CrowdName, crowds, inhabited, parseCrowd, parsePerhaps, usualCrowd } from './setup.ts';
export { lengthOf, shrink } from './shrink.ts';
export { Looking } from './sights.ts';
export { logShape } from './subject.ts';
export { searchToText, type Told } from './text.ts';
