import { plural } from '../base/index.ts';
import type { LogLine } from '../partition/index.ts';
import type { Audit } from './audit.ts';
import type { MissingEvidence } from './missing.ts';
import type { Finding } from './rule.ts';
import { rules } from './rules/index.ts';
import { eventsIn, type LogEvent } from './story/index.ts';
import type { Outcome } from './verdict.ts';

/** An audit in a few sentences, for a reader who does not know the machine. Plain data. */
export interface Summary {
  readonly outcome: Outcome;
  /** Boots and migrations, in the order of the log; the last ones. */
  readonly happened: readonly Happening[];
  /** What is damaged or stale: the number of findings of each rule that counts. */
  readonly findings: readonly string[];
  /** Findings that `--allow` permits. */
  readonly allowed: readonly string[];
  /** Whether the partition must be restarted. */
  readonly restart: 'yes' | 'no' | 'unknown';
  /** What to do, the most urgent first. */
  readonly actions: readonly string[];
  /** The kernel releases that prevent what was found, as far as they are known. */
  readonly fixes: readonly KernelRelease[];
  /** What a verdict of `safe` needs and is not there. */
  readonly missing: readonly MissingEvidence[];
}

export interface Happening {
  /** By the machine's clock or in seconds since boot; absent where the log has no times. */
  readonly when?: string;
  readonly what: string;
}

export interface KernelRelease {
  /** What it prevents: `use-after-free warning`. */
  readonly what: string;
  /** What is known of the fix, and whether this kernel has it. */
  readonly fixedIn: string;
}

/** Rules whose remedy needs no restart: a value is written, a driver bound again, a request repeated. */
const WITHOUT_RESTART: ReadonlySet<string> = new Set([
  'accelerator-credits',
  'client-failed',
  'driver-kept-old-value',
  'driver-unbound',
  'migration-failed',
  'probe-only-property',
  'property-not-updated',
  'stale-property',
]);

/** Boots and migrations that are listed. */
const MAX_HAPPENED = 4;

export function summaryOf({ observation, story, verdict }: Omit<Audit, 'compared'>): Summary {
  const { outcome, findings, allowed, missing = [] } = verdict;
  const counted = findings.filter(({ rule, severity }) => severity !== 'warning' && !allowed.includes(rule));
  const permitted = findings.filter(({ rule, severity }) => severity !== 'warning' && allowed.includes(rule));
  return {
    outcome,
    happened: happenedIn(story, observation.log),
    findings: byRule(counted).map(({ what }) => what),
    allowed: byRule(permitted).map(({ what }) => what),
    restart: restartFor(counted, outcome, missing),
    actions: byRule(counted).map(({ remedy }) => remedy),
    fixes: fixesOfFindings(counted),
    missing,
  };
}

function restartFor(
  counted: readonly Finding[],
  outcome: Outcome,
  missing: readonly MissingEvidence[],
): Summary['restart'] {
  if (counted.some(({ rule }) => !WITHOUT_RESTART.has(rule))) return 'yes';
  return outcome === 'inconclusive' || missing.length > 0 ? 'unknown' : 'no';
}

/** What is known of the fixes of findings, each once. */
function fixesOfFindings(findings: readonly Finding[]): readonly KernelRelease[] {
  const found = rules.flatMap(({ name, title }) =>
    findings.flatMap(({ rule, advice }) =>
      rule === name && advice !== undefined ? [{ what: title, fixedIn: advice }] : [],
    ),
  );
  return found.filter(
    ({ what, fixedIn }, at) => found.findIndex((one) => one.what === what && one.fixedIn === fixedIn) === at,
  );
}

/** Rules with findings, in the order of their urgency, each with what it says. */
function byRule(findings: readonly Finding[]) {
  return rules.flatMap(({ name, title, remedy }) => {
    const count = findings.filter(({ rule }) => rule === name).length;
    return count === 0 ? [] : [{ what: plural(count, title), remedy }];
  });
}

function happenedIn(story: Audit['story'], log: readonly LogLine[]): readonly Happening[] {
  if (log.length === 0) return [{ what: 'unknown: there is no kernel log' }];
  const boots = eventsIn(story)
    .filter(({ name }) => name === 'boot')
    .map((event) => ({ at: event.at, ...happening(event, 'the partition was booted', log) }));
  const migrations = story.migrations.flatMap(({ number, headline, steps, afterwards }) => {
    const first = steps[0] ?? afterwards[0];
    return first ? [{ at: first.at, ...happening(first, `migration ${number}: ${headline}`, log) }] : [];
  });
  const all = [...boots, ...migrations].sort((one, other) => one.at - other.at);
  const last = all.slice(-MAX_HAPPENED).map(({ at: _, ...rest }) => rest);
  const more = all.length - last.length;
  return [
    ...(more > 0 ? [{ what: `earlier boots and migrations: ${more}` }] : []),
    ...last,
    ...(migrations.length === 0 ? [{ what: 'no migration in the log' }] : []),
  ];
}

/** A line without a time of its own, as in the log of drmgr, has that of a line before it. */
function happening({ at }: LogEvent, what: string, log: readonly LogLine[]): Happening {
  const timed = log.slice(Math.max(at - MAX_UNTIMED, 0), at + 1).findLast(({ untimed }) => !untimed);
  if (timed?.clock !== undefined) return { when: clockText(timed.clock), what };
  return { ...(timed && { when: `${timed.seconds.toFixed(0)} s after boot` }), what };
}

/** Lines that an entry of a log has without a time. */
const MAX_UNTIMED = 50;

/** `2021-10-20 12:39:50`; a log of syslog has no year. */
function clockText(clock: number): string {
  const text = new Date(clock * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return text.startsWith('1970-') ? text.slice(5) : text;
}
