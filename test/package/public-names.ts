/**
 * Public functions and tables that nothing in the project uses, only its users. knip takes a name listed here for used;
 * any other export of an index file that nothing uses is dead.
 */
import {
  audit,
  auditDrivers,
  auditToText,
  compare,
  comparisonToText,
  diffToText,
  diffTrees,
  EnvironmentError,
  explain,
  findByPath,
  parseScenario,
  planChanges,
  printDts,
  readCapture,
  readRun,
  rules,
  runToJson,
} from 'transplant';
import { sameNode } from 'transplant/devicetree';
import {
  brokenRules,
  CoverageCollector,
  clientGroups,
  defaultClientGroups,
  fuzz,
  generatedFrom,
  generateScenario,
  lengthOf,
  parseClientGroups,
  parsePossibleFaults,
  shrink,
} from 'transplant/explore';
import { propertyChanges } from 'transplant/firmware';
import { policies } from 'transplant/kernel';
import { cacheFolder } from 'transplant/lab';
import { bootModel } from 'transplant/migration';
import { ARGUMENT_BLOCK_SIZE } from 'transplant/papr';
import { releases } from 'transplant/partition';

const names = [
  audit,
  auditDrivers,
  auditToText,
  compare,
  comparisonToText,
  diffToText,
  diffTrees,
  EnvironmentError,
  explain,
  findByPath,
  parseScenario,
  planChanges,
  printDts,
  readCapture,
  readRun,
  rules,
  runToJson,
  sameNode,
  brokenRules,
  clientGroups,
  fuzz,
  generatedFrom,
  generateScenario,
  CoverageCollector,
  lengthOf,
  parseClientGroups,
  parsePossibleFaults,
  shrink,
  defaultClientGroups,
  propertyChanges,
  policies,
  releases,
  cacheFolder,
  bootModel,
  ARGUMENT_BLOCK_SIZE,
];
if (names.includes(undefined as never)) throw new Error('a public name has no value');
