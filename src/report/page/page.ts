import { plural } from '../../base/index.ts';
import type { Change, Tree } from '../../devicetree/index.ts';
import type { RtasTraceEntry } from '../../papr/index.ts';
import type { Observation, ReferenceChange, RunEvent } from '../../partition/index.ts';
import { type Audit, fixesText, type Run, rules, type Verdict } from '../../verdict/index.ts';
import { neverInjectedFaults } from '../never-injected.ts';
import { NO_EXPECTED_TREE } from '../text/audit.ts';
import { conclusion } from '../text/findings.ts';
import { plain } from '../text/paint.ts';
import { summaryRows } from '../text/summary.ts';
import { pageCall } from './calls.ts';
import type { PageDevice, PageDocument, PageRule, PageRun } from './document.ts';
import { pageEvents } from './events.ts';
import { pageFindings } from './findings.ts';
import { mergeTrees } from './merge-trees.ts';
import { finalNodeStates, linkedPath } from './node-states.ts';
import { pageReferences } from './references.ts';

/** The page of one run, or of several runs of one scenario. */
export function runsPage(runs: readonly Run[]): PageDocument {
  const [first] = runs;
  return {
    format: 'transplant-page',
    version: 2,
    kind: runs.length === 1 ? 'run' : 'comparison',
    title: first?.name ?? '',
    description: first?.description ?? '',
    runs: runs.map((run) =>
      pageRun({
        ...run,
        wanted: run.destination,
        label: run.policy,
        calls: run.migrations.flatMap((migration) => migration.calls),
        facts: factsOf(run),
      }),
    ),
    rules: rulesOf(runs.map((run) => run.verdict)),
  };
}

/** The page of an audited machine. */
export function auditPage(parts: AuditParts): PageDocument {
  const { name, observation, before, wanted, verdict, leftOut = [] } = parts;
  const { platform, unread } = observation;
  const audited = pageRun({
    label: 'audit',
    facts: [
      ['machine', platform.description],
      ['kernel', platform.release || 'unknown'],
      ...unread.map((text) => ['not read', text] as const),
    ],
    before,
    after: observation,
    wanted,
    leftOut,
    events: [],
    ledger: [],
    calls: [],
    verdict,
  });
  const rules = rulesOf([verdict]);
  return {
    format: 'transplant-page',
    version: 2,
    kind: 'audit',
    title: name,
    description: '',
    runs: [{ ...audited, summary: summaryRows(parts) }],
    rules,
  };
}

/** The page of the differences between two trees. */
export function diffPage(
  title: string,
  before: PageInput,
  after: PageInput,
  changes: readonly Change[],
): PageDocument {
  const run = pageRun({
    label: 'diff',
    facts: [
      ['before', before.name],
      ['after', after.name],
      ...[...before.unread, ...after.unread].map((text) => ['not read', text] as const),
    ],
    before: treeOnlyObservation(before.tree),
    after: treeOnlyObservation(after.tree),
    wanted: undefined,
    leftOut: [...(before.leftOut ?? []), ...(after.leftOut ?? [])],
    events: [],
    ledger: [],
    calls: [],
    verdict: { outcome: 'safe', findings: [], allowed: [] },
  });
  const conclusion = changes.length === 0 ? 'no difference' : plural(changes.length, 'difference');
  return {
    format: 'transplant-page',
    version: 2,
    kind: 'diff',
    title,
    description: '',
    runs: [{ ...run, conclusion }],
    rules: {},
  };
}

/** A tree and its source. */
export interface PageInput {
  readonly tree: Tree;
  readonly name: string;
  readonly unread: readonly string[];
  /** Paths of properties that are omitted from the tree although the machine has them. */
  readonly leftOut?: readonly string[];
}

function treeOnlyObservation(tree: Tree): Observation {
  const platform = { kind: 'capture', release: '', policy: '', description: '' } as const;
  return { platform, tree, unread: [], devices: [], log: [], warnings: [], drivers: [] };
}

/** An audit, and the observation and the tree that it was compared with. */
export interface AuditParts extends Omit<Audit, 'compared'> {
  readonly before: Observation | undefined;
  readonly wanted: Tree | undefined;
  /** Paths of properties that are omitted from one of the compared trees although the machine has them. */
  readonly leftOut?: readonly string[];
}

interface RunParts {
  readonly label: string;
  readonly facts: PageRun['facts'];
  readonly before: Observation | undefined;
  readonly after: Observation;
  readonly wanted: Tree | undefined;
  /** Paths of properties that are omitted from `before` or `after` although the machine has them. */
  readonly leftOut?: readonly string[];
  readonly events: readonly RunEvent[];
  readonly ledger: readonly ReferenceChange[];
  readonly calls: readonly RtasTraceEntry[];
  readonly verdict: Verdict;
}

function pageRun(parts: RunParts): PageRun {
  const { label, facts, before, after, wanted, ledger, calls, verdict } = parts;
  const merged = mergeTrees(before?.tree, after.tree, wanted, parts.leftOut ?? []);
  const { find, ...columns } = merged;
  const { indexOf, ...references } = pageReferences(after.references ?? [], ledger, find);
  const { events, eventOfLine } = pageEvents({
    events: parts.events,
    calls,
    ledger,
    after,
    find,
    reference: indexOf,
  });
  const devices = devicesOf(before, after, find);
  return {
    label,
    facts,
    outcome: verdict.outcome,
    conclusion: conclusion(verdict, plain, wanted ? undefined : NO_EXPECTED_TREE),
    events,
    calls: calls.map(pageCall),
    tree: {
      ...columns,
      states: finalNodeStates(merged, before !== undefined, after.references ?? [], after.devices, events),
      hasBefore: before !== undefined,
      hasWanted: wanted !== undefined,
    },
    references,
    devices,
    drivers: after.drivers,
    findings: pageFindings(verdict, events, eventOfLine, devices, find),
    logLines: after.log.length - (before?.log.length ?? 0),
  };
}

function factsOf(run: Run): PageRun['facts'] {
  const { policy, firmware, faults, notes, after, migrations } = run;
  const { platform } = after;
  const unused = new Set(neverInjectedFaults(run));
  return [
    ['policy', policy],
    ['kernel', `${platform.release}, ${platform.description}`],
    ['firmware', firmware],
    ['migrations', String(migrations.length)],
    ...faults.map((fault) => ['fault', unused.has(fault) ? `${fault} (never injected)` : fault] as const),
    ...notes.map(({ kind, subject, text }) => [`reconciler: ${kind}`, `${subject}: ${text}`] as const),
  ];
}

function devicesOf(
  before: Observation | undefined,
  after: Observation,
  find: (path: string) => number | undefined,
): PageDevice[] {
  const was = new Map((before?.devices ?? []).map((device) => [device.name, device]));
  const gone = [...was.values()].filter(({ name }) => after.devices.every((device) => device.name !== name));
  const shown = [
    ...after.devices,
    ...gone.map((device) => ({ ...device, driver: null, ofNode: { state: 'absent' as const } })),
  ];
  return shown.map(({ name, driver, ofNode }) => {
    const link = ofNode.state === 'absent' ? was.get(name)?.ofNode : ofNode;
    const node = link && link.state !== 'absent' ? find(linkedPath(link.target)) : undefined;
    const driverBefore = was.get(name)?.driver ?? null;
    return { name, driver, driverBefore, node: node ?? -1, link: ofNode.state };
  });
}

function rulesOf(verdicts: readonly Verdict[]): Record<string, PageRule> {
  const found = new Set(verdicts.flatMap((verdict) => verdict.findings.map((finding) => finding.rule)));
  const shown = rules.filter((rule) => found.has(rule.name));
  return Object.fromEntries(
    shown.map(({ name, title, why, remedy, fixedIn }) => [
      name,
      { title, why, remedy, fixedIn: fixesText(fixedIn) },
    ]),
  );
}
