import type { RunCache } from '../base/index.ts';
import type { ModelledPartition } from '../kernel/index.ts';
import { textAt } from '../papr/index.ts';
import type { Client, FileResult, MigrationOutcome, Observation } from '../partition/index.ts';
import type { WorkloadResult } from '../verdict/index.ts';
import type { Scenario } from './scenario.ts';
import { clientsOf, type Step, stepsOf, stepsWith } from './workload.ts';

/** A partition that answers immediately (the model) or later (a real kernel). */
export interface ScenarioPartition {
  readFiles(paths: readonly string[]): MaybePromise<readonly FileResult<Uint8Array>[]>;
  writeFile(path: string, bytes: Uint8Array): MaybePromise<FileResult<number>>;
  migrate(stream: bigint, clients: readonly Client[]): MaybePromise<MigrationOutcome>;
  observe(): MaybePromise<Observation>;
}

type MaybePromise<T> = T | Promise<T>;

/** A computation that yields each value or promise that it waits for, and receives the result. */
export type ScenarioFlow<T> = Generator<unknown, T, unknown>;

/** What the run of a scenario recorded, for the verdict and for reports. */
export interface ScenarioRecord {
  readonly before: Observation;
  readonly after: Observation;
  readonly workload: readonly WorkloadResult[];
  readonly migrations: readonly { readonly stream: bigint; readonly outcome: MigrationOutcome }[];
}

/** Stream id of the first migration. Any 64-bit number is valid; this one is easy to find in a log. */
const FIRST_STREAM = 0x1234n;

/**
 * Runs a scenario on a booted partition: observes it, runs the workload and the migrations, observes it again.
 * @param onMigration called before each migration with its number, from 0
 */
export function* runScenario(
  near: ScenarioPartition,
  scenario: Scenario,
  cache: RunCache,
  onMigration: (time: number) => void = () => {},
): ScenarioFlow<ScenarioRecord> {
  const before = yield* wait(near.observe());
  const steps = stepsWith(before, scenario.workload, cache);
  const workload: WorkloadResult[] = [];
  workload.push(...(yield* doSteps(near, stepsOf(steps, 'before'))));
  const migrations: ScenarioRecord['migrations'][number][] = [];
  const clients = clientsOf(steps, before);
  for (let time = 0; time < scenario.times; time++) {
    onMigration(time);
    const stream = FIRST_STREAM + BigInt(time);
    migrations.push({ stream, outcome: yield* wait(near.migrate(stream, clients)) });
  }
  workload.push(...(yield* doSteps(near, stepsOf(steps, 'after'))));
  return { before, after: yield* wait(near.observe()), workload, migrations };
}

/** Does the steps in order. Consecutive reads are one request, because a request to the agent of a real kernel is slow. */
function* doSteps(near: ScenarioPartition, steps: Iterable<Step>): ScenarioFlow<readonly WorkloadResult[]> {
  const results: WorkloadResult[] = [];
  let reads: Step[] = [];
  for (const step of steps) {
    if (step.write === undefined) {
      reads.push(step);
      continue;
    }
    results.push(...(yield* doReads(near, reads)));
    reads = [];
    const { when, path, write } = step;
    const written = yield* wait(near.writeFile(path, Buffer.from(write, 'latin1')));
    results.push({ when, verb: 'write', path, text: write, ...(!written.ok && { errno: written.errno }) });
  }
  results.push(...(yield* doReads(near, reads)));
  return results;
}

function* doReads(near: ScenarioPartition, steps: readonly Step[]): ScenarioFlow<readonly WorkloadResult[]> {
  const results = yield* wait(near.readFiles(steps.map(({ path }) => path)));
  return steps.map(({ when, path }, at) => {
    const read = results[at] as FileResult<Uint8Array>;
    const base = { when, verb: 'read', path } as const;
    return read.ok ? { ...base, text: withoutNewline(read.value) } : { ...base, text: '', errno: read.errno };
  });
}

function withoutNewline(bytes: Uint8Array): string {
  const end = bytes.length - (bytes.at(-1) === 0x0a ? 1 : 0);
  return textAt(bytes, 0, end);
}

function* wait<T>(value: MaybePromise<T>): ScenarioFlow<T> {
  return (yield value) as T;
}

/** Runs a flow with a partition that answers later. */
export async function driveAsync<T>(steps: ScenarioFlow<T>): Promise<T> {
  for (let next = steps.next(); ; ) {
    if (next.done) return next.value;
    next = steps.next(await next.value);
  }
}

/** Runs a flow with a partition that answers immediately. */
export function driveSync<T>(steps: ScenarioFlow<T>): T {
  for (let next = steps.next(); ; ) {
    if (next.done) return next.value;
    next = steps.next(next.value);
  }
}

/** A modelled partition without promises. */
export function syncPartition(partition: ModelledPartition): ScenarioPartition {
  const readFiles: ScenarioPartition['readFiles'] = (paths) =>
    paths.map((path) => partition.readFileSync(path));
  const writeFile: ScenarioPartition['writeFile'] = (path, bytes) => partition.writeFileSync(path, bytes);
  const migrate: ScenarioPartition['migrate'] = (stream, clients) => partition.migrateSync(stream, clients);
  const observe = () => partition.observeSync();
  return { readFiles, writeFile, migrate, observe };
}
