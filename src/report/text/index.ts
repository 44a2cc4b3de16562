/**
 * Reports for a terminal. This entry does not load the schema of stored runs, which takes longer to load than most of
 * these reports take to print.
 */

export { auditToText } from './audit.ts';
export { auditsToTable, type NotAudited } from './audit-table.ts';
export { checksToText } from './checks.ts';
export { comparisonToText } from './comparison.ts';
export { diffToText } from './diff.ts';
export { disagreementsToText } from './disagreements.ts';
export { driverAuditToText } from './driver-audit.ts';
export { conclusion } from './findings.ts';
export { hierarchy } from './hierarchy.ts';
export { linesToMarkdown } from './lines.ts';
export { type Paint, plain } from './paint.ts';
export { rulesToMarkdown, rulesToText } from './rules.ts';
export { runToText } from './run.ts';
export { storyToText } from './story.ts';
export { summaryToText } from './summary.ts';
export { diffToUnified } from './unified.ts';
export { wrap } from './wrap.ts';
