import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { InputError, plural } from '../base/index.ts';
import type { CampaignOptions, CampaignProgress, Executor } from '../explore/index.ts';
import { wholeNumber } from './options.ts';
import { interruptSignal, progress, progressLine } from './terminal.ts';

/** Who runs the slices of a campaign. */
export interface ExecutorOptions {
  readonly jobs: number;
  readonly redis?: string | true | undefined;
  /** What the campaign is known by; absent: this command as it was given. */
  readonly words?: string;
}

export function redisOption(): Option {
  return new Option('--redis [url]', 'queue in Redis or Valkey; without URL: that of $TRANSPLANT_REDIS');
}

/** @throws InputError where no URL was given, on the command line or in the environment */
export function requireRedisUrl(option: string | true | undefined): string {
  const url = typeof option === 'string' ? option : process.env['TRANSPLANT_REDIS'];
  if (url) return url;
  throw new InputError(
    'which Redis?',
    {},
    { hint: '--redis redis://HOST, or rediss://HOST for TLS; or TRANSPLANT_REDIS in the environment' },
  );
}

export function jobsOption(about: string): Option {
  return new Option('-j, --jobs <number>', about)
    .argParser((text) => wholeNumber('--jobs', text, 1))
    .default(availableParallelism(), 'as many as cores');
}

/** Adds the options that say who runs the slices. */
export function addExecutorOptions(command: Command): Command {
  return command.addOption(jobsOption('slices side by side on this machine')).addOption(redisOption());
}

/** What a campaign is given by the command line. */
export type RunControl = Omit<CampaignOptions<never, never>, 'onOutcome' | 'later'>;

/**
 * Lets a crew of the user's choice work, shows how far it is, and lets it go whatever happens.
 * @param work has it run something, and says with `tally` what came of it so far
 */
export async function withExecutor<T>(
  { jobs, redis, words }: ExecutorOptions,
  work: (crew: Executor, control: RunControl, tally: (text: string) => void) => Promise<T>,
  seconds?: number,
): Promise<T> {
  const signal = interruptSignal();
  const line = progressLine();
  const start = performance.now();
  let tally = '';
  const control: RunControl = {
    signal,
    ...(seconds !== undefined && { deadline: Date.now() + seconds * 1000 }),
    onProgress: (news) => line.show(() => progressText(news, (performance.now() - start) / 1000, tally)),
  };
  const say = (text: string) => {
    line.end();
    progress(text);
  };
  const crew =
    redis === undefined
      ? await localExecutor(jobs, say)
      : await queueExecutor(requireRedisUrl(redis), words ?? commandLine(process.argv.slice(2)), say);
  try {
    return await work(crew, control, (text) => {
      tally = text;
    });
  } finally {
    line.end();
    await crew.close();
  }
}

async function localExecutor(jobs: number, say: (text: string) => void): Promise<Executor> {
  const { LocalExecutor } = await import('../explore/index.ts');
  return new LocalExecutor(jobs, say);
}

async function queueExecutor(url: string, words: string, say: (text: string) => void): Promise<Executor> {
  const { buildName, connectRedis, redactedUrl, QueueExecutor } = await import('../explore/redis.ts');
  const redis = await connectRedis(url, (isAway) =>
    say(
      isAway
        ? `Redis at ${redactedUrl(url)} is away; waiting for it`
        : `Redis at ${redactedUrl(url)} is back`,
    ),
  );
  let told = '';
  return new QueueExecutor(redis, buildName(), words, (id) => {
    // Each stage of a campaign says it again.
    if (id === told) return;
    told = id;
    process.stderr.write(
      `campaign ${id} (it goes on without this command: transplant campaign results ${id})\n`,
    );
  });
}

/** The command as it was given, without the URL, which may hold a password. */
function commandLine(args: readonly string[]): string {
  return args
    .filter((arg) => !arg.startsWith('--redis') && !/^rediss?:/.test(arg))
    .map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function progressText(
  { slices: { done, open }, runsUnderWay, workers }: CampaignProgress,
  seconds: number,
  tally: string,
): string {
  if (workers === 0)
    return 'no worker takes slices of this build: start `transplant worker` with the same --redis';
  const left = done > 0 && open > 0 ? `, about ${duration((seconds / done) * open)} left` : '';
  const underWay = runsUnderWay > 0 ? `, ${plural(runsUnderWay, 'run')} under way` : '';
  return `${done} of ${plural(done + open, 'slice')}${underWay}${tally === '' ? '' : `; ${tally}`}${left}`;
}

function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
