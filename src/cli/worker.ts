import { Command } from 'commander';
import { plural } from '../base/index.ts';
import { loadRedis } from '../explore/load-redis.ts';
import { jobsOption, redisOption, requireRedisUrl } from './executor.ts';
import { addExitStatuses } from './options.ts';

interface Options {
  readonly redis?: string | true;
  readonly jobs: number;
  readonly kernels?: false;
}

export function workerCommand(): Command {
  const command = new Command('worker')
    .description('run slices (parts) of the campaigns in a queue until interrupted')
    .addOption(redisOption())
    .addOption(jobsOption())
    .option(
      '--no-kernels',
      'do not take slices that need a real kernel (the default on a machine without QEMU)',
    );
  return addExitStatuses(
    command,
    { 0: 'stopped by an interruption', 3: true },
    `A worker takes only slices of campaigns that its own build started.
The first interruption (Ctrl-C) lets the running slices finish. The second one
ends the worker immediately; other workers then run its slices.`,
  ).action(workerAction);
}

async function workerAction({ redis: url, jobs, kernels }: Options): Promise<void> {
  const redisUrl = requireRedisUrl(url);
  const { buildName, connectRedis, disconnect, redactedUrl, SliceWorker } = await loadRedis();
  const log = (text: string) => process.stderr.write(`${text}\n`);
  const place = redactedUrl(redisUrl);
  const redis = await connectRedis(redisUrl, (isAway) =>
    log(
      isAway
        ? `lost the connection to Redis at ${place}; reconnecting`
        : `connected to Redis at ${place} again`,
    ),
  );
  const hasQemu = kernels !== false && (await canBoot());
  const build = buildName();
  const worker = new SliceWorker({
    redis,
    build,
    threads: jobs,
    needs: hasQemu ? ['model', 'kernel'] : ['model'],
    log,
  });
  log(
    `running slices of build ${build} from ${place} on ${plural(jobs, 'thread')}${hasQemu ? '' : ', without real kernels'}`,
  );
  await new Promise<void>((stop) => {
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
  log('finishing the running slices; interrupt again to leave them to other workers');
  const leave = () => {
    log('leaving the running slices to other workers');
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
