import { z } from 'zod';
import { InputError } from '../../base/index.ts';
import type { Run } from '../../verdict/index.ts';
import { hex, word } from './bytes.ts';
import { observation } from './observation.ts';
import { tree } from './tree.ts';
import { finding, outcome } from './verdict.ts';
import { fromVersion1 } from './version-1.ts';

/** Format and version of what `runToJson` writes. The version increases when a reader of an older one would misread it. */
export const runFormat = { format: 'transplant-run', version: 2 } as const;

/** The oldest version that `readRun` reads. */
const OLDEST_VERSION = 1;

const fileResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.number() }),
  z.object({ ok: z.literal(false), errno: z.string() }),
]);

const call = z.object({
  id: z.number(),
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
  id: z.number(),
  seconds: z.number(),
  lane: z.enum(['firmware', 'mobility', 'of', 'vio', 'driver', 'client', 'log']),
  kind: z.string(),
  text: z.string(),
  node: z.string().exactOptional(),
  call: z.number().exactOptional(),
  data: z.record(z.string(), z.unknown()).exactOptional(),
});

const referenceChange = z.object({
  event: z.number().exactOptional(),
  seconds: z.number(),
  step: z.string(),
  path: z.string(),
  phandle: z.number(),
  generation: z.number(),
  who: z.string(),
  change: z.union([z.literal(1), z.literal(-1)]),
  count: z.number(),
});

const note = z.object({
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
});

const workloadResult = z.object({
  when: z.enum(['before', 'after']),
  verb: z.string(),
  path: z.string(),
  text: z.string(),
  errno: z.string().exactOptional(),
});

/** The schema that runs are both written and read by; docs/json.md describes it. */
const run = z.object({
  format: z.literal(runFormat.format),
  version: z.literal(runFormat.version),
  name: z.string(),
  description: z.string(),
  firmware: z.string(),
  policy: z.string(),
  faults: z.array(z.string()),
  faultCounts: z.array(z.number()).exactOptional(),
  notes: z.array(note),
  source: tree,
  destination: tree,
  before: observation,
  after: observation,
  migrations: z.array(migration),
  workload: z.array(workloadResult),
  events: z.array(event),
  ledger: z.array(referenceChange),
  verdict: z.object({
    outcome,
    findings: z.array(finding),
    allowed: z.array(z.string()),
  }),
});

const runVersion1 = run.omit({ faultCounts: true }).extend({
  version: z.literal(OLDEST_VERSION),
  strikes: z.array(z.number()).exactOptional(),
  migrations: z.array(migration.extend({ calls: z.array(call.omit({ id: true })) })),
  events: z.array(event.omit({ id: true, call: true })),
  ledger: z.array(referenceChange.omit({ event: true })),
});

/** A run as plain JSON, in the current version. */
export type RunJson = z.input<typeof run>;

/** A run as plain JSON: bytes in hex, 64-bit numbers as `0x…`, trees as nested nodes. */
export function runToJson(value: Run): RunJson {
  return z.encode(run, { ...runFormat, ...value } as z.output<typeof run>);
}

/**
 * A run from JSON of this version or an older one.
 * @throws InputError for anything else, with the path of the first error
 */
export function readRun(json: unknown): Run {
  const { format, version } = (json ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== runFormat.format)
    throw new InputError(
      typeof format === 'string' ? `this is ${JSON.stringify(format)}, not a run` : 'this is not a run',
      {},
      { hint: 'transplant migrate --json and compare --json write runs' },
    );
  if (version === OLDEST_VERSION) return fromVersion1(decode(runVersion1, json));
  if (version === runFormat.version) return decode(run, json);
  throw new InputError(
    `a run of version ${JSON.stringify(version)}; this transplant reads versions ${OLDEST_VERSION} to ${runFormat.version}`,
    {},
    { hint: 'run the scenario again, or read the file with the transplant that wrote it' },
  );
}

/** One run, or the runs of an array as `compare` writes it. */
export function readRuns(json: unknown): readonly Run[] {
  if (!Array.isArray(json)) return [readRun(json)];
  if (json.length === 0) throw new InputError('an array without runs');
  return json.map(readRun);
}

function decode<T extends { readonly format: string; readonly version: number }>(
  schema: z.ZodType<T>,
  json: unknown,
): Omit<T, 'format' | 'version'> {
  const result = z.safeDecode(schema, json as never);
  if (result.success) {
    const { format: _, version: __, ...data } = result.data;
    return data;
  }
  const issue = result.error.issues[0];
  throw new InputError(`not a run: ${issue?.message ?? 'malformed'}`, {
    path: (issue?.path ?? []).join('.'),
  });
}
