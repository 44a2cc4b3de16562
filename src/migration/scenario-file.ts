import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { InputError } from '../base/index.ts';
import type { Tree } from '../devicetree/index.ts';
import { checkFault, type PlanStyle, parseFault, planStyles } from '../firmware/index.ts';
import { policyNames } from '../kernel/index.ts';
import { driverNames, releaseNames } from '../partition/index.ts';
import { policyChoices, type Scenario, scenarioDefaults, type WorkloadStep } from './scenario.ts';

const step = z
  .strictObject({
    when: z.enum(['before', 'during', 'after']),
    read: z.string().optional(),
    use: z.literal('drivers').optional(),
    write: z.string().optional(),
    text: z.string().optional(),
    times: z.int().min(1).max(1000).default(1),
  })
  .refine(
    ({ read, write, use }) => [read, write, use].filter((verb) => verb !== undefined).length === 1,
    'say one of read:, write: and use:',
  )
  .refine(({ when, use }) => use === undefined || when === 'during', 'use: drivers goes with when: during')
  .refine(
    ({ read = '' }) => !read.includes('*') || /^\/sys\/devices\/vio\/\*\/[^*]*$/.test(read),
    'only /sys/devices/vio/*/ may hold a star',
  )
  .refine((value) => (value.write === undefined) === (value.text === undefined), 'write: goes with text:');

/** The schema of a scenario file; docs/scenarios.md describes it. */
const schema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().default(''),
    before: z.string().min(1),
    after: z.string().min(1),
    firmware: z.enum(planStyles as readonly [PlanStyle, ...PlanStyle[]]).default(scenarioDefaults.firmware),
    faults: z.array(z.string()).default([]),
    'permit-forbidden': z.boolean().optional(),
    release: z.enum(releaseNames).default(scenarioDefaults.release),
    policy: z.enum(policyChoices).optional(),
    'kernel-policy': z.enum(policyNames).optional(),
    drivers: z.array(z.enum(driverNames)).optional(),
    cpus: z.int().min(1).max(64).default(scenarioDefaults.cpus),
    seed: z.int().min(0).optional(),
    times: z.int().min(1).max(100).default(scenarioDefaults.times),
    workload: z.array(step).optional(),
  })
  .refine(
    ({ policy, 'kernel-policy': kernelPolicy }) => kernelPolicy === undefined || policy === 'reconcile',
    {
      path: ['kernel-policy'],
      message: 'goes with policy: reconcile',
    },
  );

/**
 * Reads a scenario file (YAML).
 * @param file     its name, for errors
 * @param loadTree reads the tree that a `before:` or `after:` names, relative to the file
 * @throws InputError with line and column
 */
export async function parseScenario(
  text: string,
  file: string,
  loadTree: (name: string) => Promise<Tree>,
): Promise<Scenario> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const wrong = (message: string, offset: number, hint?: string) => {
    const { line, col } = lines.linePos(Math.min(offset, text.trimEnd().length));
    const shown = text.split('\n')[line - 1]?.replace(/\r$/, '') ?? '';
    const excerpt = shown.length > 100 ? {} : { excerpt: `${shown}\n${' '.repeat(col - 1)}^` };
    return new InputError(
      message,
      { file, line, column: col },
      { ...excerpt, ...(hint !== undefined && { hint }) },
    );
  };
  const [syntax] = document.errors;
  if (syntax) throw wrong(`not YAML: ${syntax.message}`, syntax.pos[0]);
  const help = 'docs/scenarios.md describes scenario files';
  if (!isMap(document.contents))
    throw wrong('not a scenario: expected `name:`, `before:`, `after:` …', 0, help);

  // YAML reads 5.10 as the number 5.1; the source text is meant.
  const release = document.get('release', true);
  if (isScalar(release) && typeof release.value === 'number') release.value = release.source;

  /** The offset of the innermost existing node on a path: the error may be that a key is missing. */
  const offsetOf = (path: readonly (string | number)[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const found: unknown = document.getIn(path.slice(0, depth), true);
      const range = (found as { range?: readonly number[] | null } | undefined)?.range;
      if (range) return range[0] ?? 0;
    }
    return document.contents?.range?.[0] ?? 0;
  };
  const parsed = schema.safeParse(toPlain(document, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = (issue?.path ?? []) as readonly (string | number)[];
    if (issue?.code === 'unrecognized_keys') {
      const [key = ''] = issue.keys;
      const holder: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
      const pair = isMap(holder) ? holder.items.find((item) => String(item.key) === key) : undefined;
      const at = (pair?.key as { range?: readonly number[] } | undefined)?.range?.[0];
      throw wrong(`unknown key ${key}`, at ?? offsetOf(path), help);
    }
    throw wrong(
      [...(path.length > 0 ? [path.join('.')] : []), describe(issue)].join(': '),
      offsetOf(path),
      help,
    );
  }

  const { before, after, faults, workload, policy, drivers, seed, ...others } = parsed.data;
  const { 'kernel-policy': kernelPolicy, 'permit-forbidden': permitForbidden, ...rest } = others;
  const [source, destination] = await Promise.all([loadTree(before), loadTree(after)]);
  return {
    ...rest,
    before: source,
    after: destination,
    faults: faults.map((fault, at) => {
      try {
        const parsed = parseFault(fault);
        checkFault(parsed, [source, destination]);
        return parsed;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw wrong(error.message, offsetOf(['faults', at]), error.hint);
      }
    }),
    ...(permitForbidden && { permitForbidden }),
    ...(policy && { policy }),
    ...(kernelPolicy && { kernelPolicy }),
    ...(drivers && { drivers }),
    ...(seed !== undefined && { seed }),
    workload: workload?.map(toStep) ?? scenarioDefaults.workload,
  };
}

/** Describes one issue of zod for a user. */
function describe(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_type' && /received undefined$/.test(issue.message)) return 'is missing';
  if (issue?.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}`;
  return issue?.message.replace(/^Invalid input: /, '') ?? 'not a scenario';
}

/** @throws InputError when aliases expand beyond a limit (100 uses) */
function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new InputError(`not a scenario: ${(error as Error).message}`, { file, line: 1 });
  }
}

function toStep({ when, read, use, write, text, times }: z.infer<typeof step>): WorkloadStep {
  const path = read ?? use ?? write ?? '';
  return { when, path, times, ...(text !== undefined && { write: text }) };
}
