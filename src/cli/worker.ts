import { Command } from 'commander';
import { jobsOption, redisOption, requireRedisUrl } from './executor.ts';

interface Options {
  readonly redis?: string | true;
  readonly jobs: number;
  readonly kernels?: false;
}

export function workerCommand(): Command {
  return new Command('worker')
    .description('take slices of campaigns from a queue and run them, until it is interrupted')
    .addOption(redisOption())
    .addOption(jobsOption('slices side by side'))
    .option('--no-kernels', 'leave slices that need a real kernel to others; so it is where QEMU is absent')
    .addHelpText(
      'after',
      `
An interruption finishes the slices under way, a second one leaves them to
other workers.
A worker takes slices of its own build only.`,
    )
    .action(workerAction);
}

async function workerAction({ redis: url, jobs, kernels }: Options): Promise<void> {
  const redisUrl = requireRedisUrl(url);
  const { buildName, connectRedis, disconnect, redactedUrl, SliceWorker } = await import(
    '../explore/redis.ts'
  );
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const place = redactedUrl(redisUrl);
  const redis = await connectRedis(redisUrl, (isAway) =>
    say(`Redis at ${place} is ${isAway ? 'away' : 'back'}`),
  );
  const hasQemu = kernels !== false && (await canBoot());
  const build = buildName();
  const worker = new SliceWorker({
    redis,
    build,
    threads: jobs,
    needs: hasQemu ? ['model', 'kernel'] : ['model'],
    log: say,
  });
  say(
    `takes slices of build ${build} from ${place}, ${jobs} at once${hasQemu ? '' : ', none that need QEMU'}`,
  );
  await new Promise<void>((stop) => {
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
  say('finishes what is under way; once more to leave it to others');
  const leave = () => {
    say('leaves what is under way to others');
    void worker.leave();
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  await worker.close();
  disconnect(redis);
  process.removeListener('SIGINT', leave).removeListener('SIGTERM', leave);
}

async function canBoot(): Promise<boolean> {
  const { findQemu } = await import('../lab/index.ts');
  return findQemu().then(
    () => true,
    () => false,
  );
}
