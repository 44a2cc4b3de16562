import { encodeLatin1, hexNumber } from '../base/index.ts';
import type { Tree } from '../devicetree/index.ts';
import type {
  Client,
  ClientOutcome,
  FileResult,
  MigrationOutcome,
  Observation,
  Partition,
  Platform,
  ReferenceChange,
  RunEvent,
} from '../partition/index.ts';
import { errnoOf } from './core/errno.ts';
import { type Flow, flowOf } from './core/flow.ts';
import type { Thread } from './core/thread.ts';
import { readFile, writeFile } from './files.ts';
import { type BootOptions, Kernel } from './kernel.ts';
import { generationsOf, observe } from './observe.ts';

/** The modelled kernel as a partition. The synchronous methods are for callers that boot thousands of kernels. */
export interface ModelledPartition extends Partition {
  readFileSync(path: string): FileResult<Uint8Array>;
  writeFileSync(path: string, bytes: Uint8Array): FileResult<number>;
  migrateSync(stream: bigint, clients: readonly Client[]): MigrationOutcome;
  observeSync(): Observation;
  closeSync(): void;
}

const MIGRATION = '/sys/kernel/mobility/migration';

/** Boots a modelled kernel with a firmware. */
export function bootKernel(options: BootOptions): ModelledPartition {
  return new BootedPartition(options);
}

class BootedPartition implements ModelledPartition {
  readonly platform: Platform;
  readonly #kernel: Kernel;
  readonly #bootTree: Tree;
  #closed = false;

  constructor(options: BootOptions) {
    this.#kernel = new Kernel(options);
    this.#bootTree = options.tree;
    const { release, policy, cpus } = this.#kernel;
    this.platform = {
      kind: 'model',
      release: release.name,
      policy: policy.name,
      description: `modelled kernel, ${cpus} CPU${cpus === 1 ? '' : 's'}`,
    };
  }

  readFileSync(path: string): FileResult<Uint8Array> {
    return outcome(
      this.#finish(
        'cat',
        flowOf(() => readFile(this.#kernel, path)),
      ),
    );
  }

  writeFileSync(path: string, bytes: Uint8Array): FileResult<number> {
    return outcome(this.#finish('sh', writeFile(this.#kernel, path, bytes)));
  }

  migrateSync(stream: bigint, clients: readonly Client[]): MigrationOutcome {
    const k = this.#kernel;
    const bytes = encodeLatin1(`${hexNumber(stream)}\n`);
    const drmgr = k.scheduler.spawn('drmgr', writeFile(k, MIGRATION, bytes));
    const tallies = clients.map((client) => ({ client, tally: new Map<string, number>() }));
    const threads = tallies.map(({ client, tally }) =>
      k.scheduler.spawn('client', runClient(k, client, tally)),
    );
    k.scheduler.run();
    return {
      written: outcome(drmgr),
      clients: tallies.map(({ client, tally }, index) => clientOutcome(client, tally, threads[index])),
    };
  }

  observeSync(): Observation {
    return observe(this.#kernel, this.platform, this.#bootTree);
  }

  closeSync(): void {
    if (!this.#closed) this.#kernel.rtas.close();
    this.#closed = true;
  }

  /** Empty without `BootOptions.ledger`. */
  ledger(): readonly ReferenceChange[] {
    const generations = generationsOf(this.#kernel);
    return (this.#kernel.ledger.history ?? []).map(({ node, ...rest }) => ({
      ...rest,
      path: node.path,
      phandle: node.phandle,
      generation: generations.get(node) ?? 1,
    }));
  }

  events(): readonly RunEvent[] {
    return this.#kernel.events.list;
  }

  async readFiles(paths: readonly string[]): Promise<readonly FileResult<Uint8Array>[]> {
    return paths.map((path) => this.readFileSync(path));
  }

  async writeFile(path: string, bytes: Uint8Array): Promise<FileResult<number>> {
    return this.writeFileSync(path, bytes);
  }

  async migrate(stream: bigint, clients: readonly Client[]): Promise<MigrationOutcome> {
    return this.migrateSync(stream, clients);
  }

  async observe(): Promise<Observation> {
    return this.observeSync();
  }

  async close(): Promise<void> {
    this.closeSync();
  }

  #finish(comm: string, flow: Flow<unknown>): Thread {
    const { scheduler } = this.#kernel;
    const thread = scheduler.spawn(comm, flow);
    scheduler.run();
    return thread;
  }
}

/** A client: reads or writes its file `times` times and yields after each. */
function* runClient(k: Kernel, client: Client, tally: Map<string, number>): Flow<void> {
  for (let time = 0; time < client.times; time++) {
    const { path, write } = client;
    const result = write === undefined ? readFile(k, path) : yield* writeFile(k, path, write);
    const errno = typeof result === 'number' ? errnoOf(result) : undefined;
    if (k.events.enabled) recordUse(k, client, errno);
    tally.set(errno ?? '', (tally.get(errno ?? '') ?? 0) + 1);
    k.clock.micros += 10;
    if (k.scheduler.contended) yield client.name;
  }
}

function recordUse(k: Kernel, { path, write }: Client, errno: string | undefined): void {
  const verb = write === undefined ? 'reads' : 'writes';
  k.events.note('client', 'request', `${verb} ${path}${errno === undefined ? '' : `: ${errno}`}`);
}

function clientOutcome(
  { name }: Client,
  tally: ReadonlyMap<string, number>,
  thread: Thread | undefined,
): ClientOutcome {
  const failed: Record<string, number> = {};
  for (const [errno, count] of tally) if (errno !== '') failed[errno] = count;
  if (thread && thread.state !== 'ended') failed[failureOf(thread)] = 1;
  return { name, succeeded: tally.get('') ?? 0, failed };
}

/** The result of a thread's system call: `SIGSEGV` for a thread that an oops killed, `hung` for one that waits for ever. */
function outcome<T extends number | Uint8Array>(thread: Thread): FileResult<T> {
  if (thread.state !== 'ended') return { ok: false, errno: failureOf(thread) };
  const value = thread.result as T | number;
  const errno = typeof value === 'number' ? errnoOf(value) : undefined;
  return errno === undefined ? { ok: true, value: value as T } : { ok: false, errno };
}

function failureOf(thread: Thread): string {
  return thread.state === 'killed' ? 'SIGSEGV' : 'hung';
}
