export type { Audit } from './audit.ts';
export type { Evidence } from './evidence.ts';
export { type KnownLine, knownLines, mayBegin, type Phase, phases, recognise } from './lines/index.ts';
export type { Finding, Rule, Severity } from './rule.ts';
export { rules } from './rules/index.ts';
export type { MigrationRecord, Run, WorkloadResult } from './run.ts';
export { eventsIn, type LogEvent, type MigrationStory, type Story, storyOf } from './story/index.ts';
export { judge, type Outcome, type Verdict } from './verdict.ts';
export { Verdicts } from './verdicts.ts';
