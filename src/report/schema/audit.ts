import { z } from 'zod';
import { InputError } from '../../base/index.ts';
import { type Audit, fixesText, rules, summaryOf } from '../../verdict/index.ts';
import { driverState, logLine, platform, vioDevice, warning } from './observation.ts';
import { finding, missingEvidence, outcome } from './verdict.ts';

/** Format and version of what `auditToJson` writes. */
export const auditFormat = { format: 'transplant-audit', version: 2 } as const;

/** The version in which `fixedIn` was named `mendedIn`. */
const WITH_MENDED_IN = 1;

const storyLine = z.object({
  at: z.number(),
  end: z.number().exactOptional(),
  line: logLine,
  name: z.string(),
  weight: z.enum(['step', 'notable', 'harmless', 'trouble']),
  meaning: z.string(),
  phase: z.string().exactOptional(),
  proves: z.string().exactOptional(),
  rule: z.string().exactOptional(),
  subject: z.string().exactOptional(),
  values: z.array(z.string()).exactOptional(),
  fault: warning.exactOptional(),
});

const migrationStory = z.object({
  number: z.number(),
  outcome: z.enum(['moved', 'did not move', 'unknown']),
  proof: z.array(z.number()).exactOptional(),
  headline: z.string(),
  steps: z.array(storyLine),
  afterwards: z.array(storyLine),
});

const explainedFinding = finding.extend({
  why: z.string().exactOptional(),
  remedy: z.string().exactOptional(),
  fixedIn: z.string().nullable().exactOptional(),
  advice: z.string().exactOptional(),
});

/** The schema of an audit; docs/json.md describes it. */
const audit = z.object({
  format: z.literal(auditFormat.format),
  version: z.literal(auditFormat.version),
  name: z.string(),
  platform,
  unread: z.array(z.string()),
  compared: z.object({ before: z.boolean(), wanted: z.boolean() }),
  server: z
    .object({
      outcome: z.enum(['another server', 'same server', 'unknown']),
      proof: z.array(z.string()),
      changes: z.array(z.object({ what: z.string(), evidence: z.array(z.string()), takenIn: z.string() })),
    })
    .exactOptional(),
  devices: z.array(vioDevice),
  drivers: z.array(driverState),
  warnings: z.array(warning),
  story: z.object({
    migrations: z.array(migrationStory),
    others: z.array(storyLine),
    lines: z.number(),
  }),
  verdict: z.object({
    outcome,
    findings: z.array(explainedFinding),
    allowed: z.array(z.string()),
    missing: z.array(missingEvidence).exactOptional(),
  }),
  summary: z
    .object({
      outcome,
      happened: z.array(z.object({ when: z.string().exactOptional(), what: z.string() })),
      findings: z.array(z.string()),
      allowed: z.array(z.string()),
      restart: z.enum(['yes', 'no', 'unknown']),
      actions: z.array(z.string()),
      fixes: z.array(z.object({ what: z.string(), fixedIn: z.string() })),
      missing: z.array(missingEvidence),
    })
    .exactOptional(),
});

/** An audit as plain JSON, in the current version. */
export type AuditJson = z.infer<typeof audit>;

/**
 * An audit as plain JSON; each finding includes the explanation of its rule. The tree is omitted, and so is the log except
 * for the story.
 */
export function auditToJson(whole: Audit): AuditJson {
  const { name, observation, compared, server, story, verdict } = whole;
  const { platform, unread, devices, drivers, warnings } = observation;
  const about = new Map(rules.map((rule) => [rule.name, rule]));
  const findings = verdict.findings.map(({ fixedIn, ...finding }) => {
    const rule = about.get(finding.rule);
    const fixes = fixedIn ?? rule?.fixedIn ?? [];
    return { ...finding, why: rule?.why, remedy: rule?.remedy, fixedIn: fixesText(fixes) };
  });
  return {
    ...auditFormat,
    ...({ name, platform, unread, compared, devices, drivers, warnings, story } as unknown as Omit<
      AuditJson,
      'format' | 'version' | 'verdict'
    >),
    ...(server && { server: server as AuditJson['server'] & object }),
    verdict: { ...verdict, findings } as unknown as AuditJson['verdict'],
    summary: summaryOf(whole) as AuditJson['summary'] & object,
  };
}

/**
 * An audit from JSON of this version or an older one.
 * @throws InputError for anything else, with the path of the first error
 */
export function readAudit(json: unknown): AuditJson {
  const { format, version } = (json ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== auditFormat.format)
    throw new InputError(
      typeof format === 'string' ? `this is ${JSON.stringify(format)}, not an audit` : 'this is not an audit',
      {},
      { hint: 'transplant audit --json writes audits' },
    );
  if (version !== auditFormat.version && version !== WITH_MENDED_IN)
    throw new InputError(
      `an audit of version ${JSON.stringify(version)}; this transplant reads versions ${WITH_MENDED_IN} to ${auditFormat.version}`,
      {},
      { hint: 'audit the capture again, or read the file with the transplant that wrote it' },
    );
  const result = audit.safeParse(version === WITH_MENDED_IN ? withFixedIn(json) : json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InputError(`not an audit: ${issue?.message ?? 'malformed'}`, {
    path: (issue?.path ?? []).join('.'),
  });
}

/** An audit of version 1 with the names of version 2. Parts that are malformed stay as they are. */
function withFixedIn(json: unknown): unknown {
  const audit = withOutcomes(json) as { readonly verdict?: { readonly findings?: unknown } };
  const findings = audit.verdict?.findings;
  if (!Array.isArray(findings)) return { ...audit, version: auditFormat.version };
  const renamed = findings.map((finding) => {
    if (typeof finding !== 'object' || finding === null || !('mendedIn' in finding)) return finding;
    const { mendedIn: fixedIn, ...rest } = finding;
    return { ...rest, fixedIn };
  });
  return { ...audit, version: auditFormat.version, verdict: { ...audit.verdict, findings: renamed } };
}

/** In version 1 a migration that `did not move` had the outcome `not moved`. */
function withOutcomes(json: unknown): unknown {
  const audit = json as { readonly story?: { readonly migrations?: unknown } };
  const migrations = audit.story?.migrations;
  if (!Array.isArray(migrations)) return audit;
  const renamed = migrations.map((migration) =>
    migration?.outcome === 'not moved' ? { ...migration, outcome: 'did not move' } : migration,
  );
  return { ...audit, story: { ...audit.story, migrations: renamed } };
}
