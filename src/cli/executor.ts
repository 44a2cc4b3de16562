import { availableParallelism } from 'node:os';
import { Option } from 'commander';
import { InputError, plural } from '../base/index.ts';
import type { CampaignOptions, CampaignProgress, Executor } from '../explore/index.ts';
import { loadRedis } from '../explore/load-redis.ts';
import { wholeNumber } from './options.ts';
import { interruptSignal, progress, progressLine } from './terminal.ts';

/** Where the slices of a campaign run: on threads of this machine, or on workers that take them from a queue. */
export interface ExecutorOptions {
  readonly jobs: number;
  readonly redis?: string | true | undefined;
  /** The command line that the campaign is listed with; absent: that of this process. */
  readonly command?: string;
}

/** The option that names the queue. */
export function redisOption(): Option {
  return new Option(
    '--redis [url]',
    'Redis or Valkey server that holds the queue (default URL: $TRANSPLANT_REDIS)',
  );
}

/** @throws InputError if neither the command line nor the environment names a URL */
export function requireRedisUrl(option: string | true | undefined): string {
  const url = typeof option === 'string' ? option : process.env['TRANSPLANT_REDIS'];
  if (url) return url;
  throw new InputError(
    'no URL of a Redis or Valkey server',
    {},
    { hint: 'use --redis redis://HOST, or rediss://HOST for TLS, or set TRANSPLANT_REDIS' },
  );
}

/** The option that says how many slices run at the same time. */
export function jobsOption(): Option {
  return new Option('-j, --jobs <number>', 'worker threads on this machine')
    .argParser((text) => wholeNumber('--jobs', text, 1))
    .default(availableParallelism(), 'number of cores');
}

/** The options that say where a campaign runs. */
export function executorOptions(): readonly Option[] {
  const queue = 'queue the runs for transplant worker on this Redis or Valkey server';
  return [jobsOption(), new Option('--redis [url]', `${queue} (default URL: $TRANSPLANT_REDIS)`)];
}

/** The option that says how many runs a campaign has. */
export function runsOption(runs: number): Option {
  return new Option('--runs <number>', 'number of runs')
    .argParser((text) => wholeNumber('--runs', text, 1))
    .default(runs);
}

/** The options of a campaign that the command line controls. */
export type RunControl = Omit<CampaignOptions<never, never>, 'onOutcome' | 'later'>;

/**
 * Opens the executor that the options name, prints progress while `work` uses it, and closes it in any case.
 * @param work calls `setSummary` with the results so far, which the progress line shows
 * @param seconds after which no new slice starts
 */
export async function withExecutor<T>(
  { jobs, redis, command }: ExecutorOptions,
  work: (executor: Executor, control: RunControl, setSummary: (text: string) => void) => Promise<T>,
  seconds?: number,
): Promise<T> {
  const signal = interruptSignal();
  const line = progressLine();
  const start = performance.now();
  let summary = '';
  const control: RunControl = {
    signal,
    ...(seconds !== undefined && { deadline: Date.now() + seconds * 1000 }),
    onProgress: (state) => line.show(() => progressText(state, (performance.now() - start) / 1000, summary)),
  };
  const log = (text: string) => {
    line.end();
    progress(text);
  };
  const executor =
    redis === undefined
      ? await localExecutor(jobs, log)
      : await queueExecutor(requireRedisUrl(redis), command ?? commandLine(process.argv.slice(2)), log);
  try {
    return await work(executor, control, (text) => {
      summary = text;
    });
  } finally {
    line.end();
    await executor.close();
  }
}

async function localExecutor(jobs: number, log: (text: string) => void): Promise<Executor> {
  const { LocalExecutor } = await import('../explore/index.ts');
  return new LocalExecutor(jobs, log);
}

async function queueExecutor(url: string, command: string, log: (text: string) => void): Promise<Executor> {
  const { buildName, connectRedis, redactedUrl, QueueExecutor } = await loadRedis();
  const redis = await connectRedis(url, (isAway) =>
    log(
      isAway
        ? `lost the connection to Redis at ${redactedUrl(url)}; reconnecting`
        : `connected to Redis at ${redactedUrl(url)} again`,
    ),
  );
  let printed = '';
  return new QueueExecutor(redis, buildName(), command, (id) => {
    // Each stage of a campaign announces its id; it is printed once.
    if (id === printed) return;
    printed = id;
    process.stderr.write(
      `campaign ${id} runs on the workers, also if this command ends; to get its results: transplant campaign results ${id}\n`,
    );
  });
}

/** The arguments of this process as a shell command, without the URL, which may contain a password. */
function commandLine(args: readonly string[]): string {
  return args
    .filter((arg) => !arg.startsWith('--redis') && !/^rediss?:/.test(arg))
    .map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function progressText(
  { slices: { done, open }, runsUnderWay, workers }: CampaignProgress,
  seconds: number,
  summary: string,
): string {
  if (workers === 0)
    return 'waiting: no worker of this build is connected; start `transplant worker` with the same --redis';
  const remaining = done > 0 && open > 0 ? `, about ${duration((seconds / done) * open)} left` : '';
  const unfinished = runsUnderWay > 0 ? `, ${plural(runsUnderWay, 'run')} in unfinished slices` : '';
  return `${done} of ${plural(done + open, 'slice')} done${unfinished}${summary === '' ? '' : `; ${summary}`}${remaining}`;
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
