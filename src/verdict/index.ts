export type { Audit } from './audit.ts';
export type { Evidence } from './evidence.ts';
export { type Fix, fixesText } from './fixes.ts';
export {
  type KnownLine,
  knownLines,
  type Level,
  mayBegin,
  type Phase,
  recognise,
  type Weight,
} from './lines/index.ts';
export type { Recognised } from './lines/recognise.ts';
export type { MissingEvidence } from './missing.ts';
export type { Finding, Rule, RuleFinding, Severity } from './rule.ts';
export { rules } from './rules/index.ts';
export type { MigrationRecord, Run, WorkloadResult } from './run.ts';
export { type ChangedFact, type ServerChange, serverChange } from './server-change.ts';
export { eventsIn, type LogEvent, type MigrationStory, type Story, storyOf } from './story/index.ts';
export type { Proven } from './story/outcome.ts';
export { type Happening, type KernelRelease, type Summary, summaryOf } from './summary.ts';
export { judge, type Outcome, type Verdict } from './verdict.ts';
export { Verdicts } from './verdicts.ts';
