import { z } from 'zod';
import { InputError } from '../../base/index.ts';
import type { Run } from '../../verdict/index.ts';
import { hex, word } from './bytes.ts';
import { observation } from './observation.ts';
import { tree } from './tree.ts';

/** Raised when a reader of an older version would misunderstand what is written. */
export const runFormat = { format: 'transplant-run', version: 1 } as const;

const fileResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.number() }),
  z.object({ ok: z.literal(false), errno: z.string() }),
]);

const call = z.object({
  name: z.string(),
  token: z.number(),
  args: z.array(z.number()),
  nret: z.number(),
  rets: z.array(z.number()),
  area: z.object({ address: z.number(), before: hex, after: hex }).exactOptional(),
});

const migration = z.object({
  stream: word,
  outcome: z.object({
    written: fileResult,
    clients: z.array(
      z.object({ name: z.string(), succeeded: z.number(), failed: z.record(z.string(), z.number()) }),
    ),
  }),
  calls: z.array(call),
});

const event = z.object({
  seconds: z.number(),
  lane: z.enum(['firmware', 'mobility', 'of', 'vio', 'driver', 'client', 'log']),
  kind: z.string(),
  text: z.string(),
  node: z.string().exactOptional(),
  data: z.record(z.string(), z.unknown()).exactOptional(),
});

const finding = z.object({
  rule: z.string(),
  severity: z.enum(['damage', 'stale', 'warning']),
  subject: z.string(),
  message: z.string(),
  evidence: z.array(z.string()),
  logAt: z.number().exactOptional(),
});

/**
 * A run as JSON, and the one truth of what such JSON looks like: bytes are hex, 64-bit numbers `0x…`, trees nested nodes.
 * docs/json.md tells it to people.
 */
const run = z.object({
  format: z.literal(runFormat.format),
  version: z.literal(runFormat.version),
  name: z.string(),
  description: z.string(),
  firmware: z.string(),
  policy: z.string(),
  faults: z.array(z.string()),
  strikes: z.array(z.number()).exactOptional(),
  notes: z.array(
    z.object({
      kind: z.enum([
        'turned into updates',
        'replaced',
        'withheld',
        'repeated',
        'contradicted',
        'not deliverable',
        'failed',
      ]),
      subject: z.string(),
      text: z.string(),
    }),
  ),
  source: tree,
  destination: tree,
  before: observation,
  after: observation,
  migrations: z.array(migration),
  workload: z.array(
    z.object({
      when: z.enum(['before', 'after']),
      verb: z.string(),
      path: z.string(),
      text: z.string(),
      errno: z.string().exactOptional(),
    }),
  ),
  events: z.array(event),
  ledger: z.array(
    z.object({
      seconds: z.number(),
      step: z.string(),
      path: z.string(),
      phandle: z.number(),
      generation: z.number(),
      who: z.string(),
      change: z.union([z.literal(1), z.literal(-1)]),
      count: z.number(),
    }),
  ),
  verdict: z.object({
    outcome: z.enum(['safe', 'stale', 'damaged']),
    findings: z.array(finding),
    allowed: z.array(z.string()),
  }),
});

export type RunJson = z.input<typeof run>;

/** A run as plain JSON. */
export function runToJson(value: Run): RunJson {
  return z.encode(run, { ...runFormat, ...value } as z.output<typeof run>);
}

/**
 * A run from JSON.
 * @throws InputError for anything else, with the path of the first thing that is wrong; another version is named
 */
export function readRun(json: unknown): Run {
  const { format, version } = (json ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== runFormat.format)
    throw new InputError(
      typeof format === 'string' ? `this is ${JSON.stringify(format)}, not a run` : 'this is not a run',
      {},
      { hint: 'transplant migrate --json and compare --json write runs' },
    );
  if (version !== runFormat.version)
    throw new InputError(
      `a run of version ${JSON.stringify(version)}; this transplant reads version ${runFormat.version}`,
      {},
      { hint: 'run the scenario again, or read it with the transplant that wrote it' },
    );
  const result = z.safeDecode(run, json as RunJson);
  if (result.success) {
    const { format: _, version: __, ...data } = result.data;
    return data;
  }
  const issue = result.error.issues[0];
  throw new InputError(`not a run: ${issue?.message ?? 'malformed'}`, {
    path: (issue?.path ?? []).join('.'),
  });
}

/** One run, or the list that compare writes. */
export function readRuns(json: unknown): readonly Run[] {
  if (!Array.isArray(json)) return [readRun(json)];
  if (json.length === 0) throw new InputError('a list without runs');
  return json.map(readRun);
}
