export { annotations } from './annotations.ts';
export { diffToJson } from './diff-json.ts';
export {
  driverAuditToJunit,
  type JunitCase,
  type JunitSuite,
  type NamedVerdict,
  toJunit,
  verdictsToJunit,
} from './junit.ts';
export type {
  HolderCount,
  PageBytes,
  PageCall,
  PageDevice,
  PageEvent,
  PageFinding,
  PageProperty,
  PageRange,
  PageReference,
  PageReferenceChange,
  PageReferences,
  PageRule,
  PageRun,
  PageTree,
} from './page/document.ts';
export {
  type AuditParts,
  auditPage,
  diffPage,
  type PageDocument,
  pageToHtml,
  runsPage,
} from './page/index.ts';
export type { PageInput } from './page/page.ts';
export { type AuditJson, auditFormat, auditToJson, readAudit } from './schema/audit.ts';
export { type RunJson, readRun, readRuns, runFormat, runToJson } from './schema/run.ts';
export { type NodeJson, type TreeJson, treeToJson } from './schema/tree.ts';
export type { Disagreement } from './text/disagreements.ts';
export type { DriverAuditRow } from './text/driver-audit.ts';
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
  linesToMarkdown,
  type NotAudited,
  type Paint,
  plain,
  rulesToMarkdown,
  rulesToText,
  runToText,
  storyToText,
  summaryToText,
  wrap,
} from './text/index.ts';
export type { RunTextOptions } from './text/run.ts';
export type { NamedTree } from './text/unified.ts';
