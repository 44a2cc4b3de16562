export { annotations } from './annotations.ts';
export { diffToJson } from './diff-json.ts';
export { driverAuditToJunit, type JunitSuite, toJunit, verdictsToJunit } from './junit.ts';
export {
  type AuditParts,
  auditPage,
  diffPage,
  type PageDocument,
  pageToHtml,
  runsPage,
} from './page/index.ts';
export { type AuditJson, auditFormat, auditToJson, readAudit } from './schema/audit.ts';
export { type RunJson, readRun, readRuns, runFormat, runToJson } from './schema/run.ts';
export { treeToJson } from './schema/tree.ts';
export {
  auditsToTable,
  auditToText,
  comparisonToText,
  conclusion,
  diffToText,
  diffToUnified,
  disagreementsToText,
  driverAuditToText,
  hierarchy,
  type NotAudited,
  type Paint,
  plain,
  rulesToMarkdown,
  rulesToText,
  runToText,
  storyToText,
  wrap,
} from './text/index.ts';
