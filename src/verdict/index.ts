export type { Evidence } from './evidence.ts';
export { type KnownLine, knownLines, type Phase, phases } from './lines/index.ts';
export type { Finding, Rule, Severity } from './rule.ts';
export { rules } from './rules/index.ts';
export type { MigrationRecord, Run, WorkloadResult } from './run.ts';
export type { Audit, MigrationStory, Story, ToldLine } from './story.ts';
export { judge, type Outcome, type Verdict } from './verdict.ts';
export { Verdicts } from './verdicts.ts';
