/**
 * The names that most programs need: read trees, run a scenario, examine a capture, print the result. Each module exports
 * more under its own path, such as `transplant/devicetree`, and loads faster than this one, which loads them all.
 */
export { EnvironmentError, InputError } from './base/index.ts';
export {
  diffTrees,
  findByPath,
  parseDts,
  printDts,
  readDtb,
  type Tree,
  type TreeNode,
  writeDtb,
} from './devicetree/index.ts';
export { audit, explain, planChanges, readCapture, readInput } from './field/index.ts';
export {
  auditDrivers,
  compare,
  findScenario,
  migrate,
  overrideScenario,
  parseScenario,
  type Scenario,
} from './migration/index.ts';
export type { Observation } from './partition/index.ts';
export { auditToText, comparisonToText, diffToText, readRun, runToJson, runToText } from './report/index.ts';
export { type Finding, type Outcome, type Run, rules, type Verdict } from './verdict/index.ts';
