export { annotations } from './annotations.ts';
export { auditToJson, diffToJson } from './json.ts';
export { driverAuditToJunit, verdictsToJunit } from './junit.ts';
export {
  type AuditParts,
  auditPage,
  diffPage,
  type PageDocument,
  pageToHtml,
  runsPage,
} from './page/index.ts';
export { type RunJson, readRun, readRuns, runFormat, runToJson } from './schema/run.ts';
export { treeToJson } from './schema/tree.ts';
export { auditToText } from './text/audit.ts';
export { comparisonToText } from './text/comparison.ts';
export { diffToText } from './text/diff.ts';
export { driverAuditToText } from './text/driver-audit.ts';
export { conclusion } from './text/findings.ts';
export { hierarchy } from './text/hierarchy.ts';
export { type Paint, plain, plural, printable } from './text/paint.ts';
export { rulesToMarkdown, rulesToText } from './text/rules.ts';
export { runToText } from './text/run.ts';
export { storyToText } from './text/story.ts';
export { diffToUnified } from './text/unified.ts';
export { wrap } from './text/wrap.ts';
