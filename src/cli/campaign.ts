import { Command } from 'commander';
import { EnvironmentError } from '../base/index.ts';
import { loadRedis, type RedisCampaigns } from '../explore/load-redis.ts';
import type { Campaign, CampaignState } from '../explore/redis.ts';
import { runConform } from './conform.ts';
import { redisOption, requireRedisUrl, withExecutor } from './executor.ts';
import { runExplore } from './explore.ts';
import { runFuzz } from './fuzz.ts';
import { sharedOption, wholeNumber } from './options.ts';

interface Where {
  readonly redis?: string | true;
}

interface ResultOptions extends Where {
  readonly json?: true;
  readonly report?: string;
  readonly junit?: string;
  readonly seconds?: number;
}

export function campaignCommand(): Command {
  const status = new Command('status')
    .description('print the state of campaigns')
    .argument('[id...]', 'ids of campaigns (default: all)')
    .addOption(redisOption())
    .addOption(sharedOption('json'))
    .action(statusAction);
  const results = new Command('results')
    .description('wait until a campaign ends and print its result as the command that started it does')
    .argument('<id>', 'id of the campaign')
    .addOption(redisOption())
    .option(
      '--seconds <number>',
      'wait at most this many seconds, then print what was found so far',
      (text) => wholeNumber('--seconds', text),
    )
    .addOption(sharedOption('json'))
    .addOption(sharedOption('junit'))
    .option('--report <file>', 'for explore: write the result to a file as an HTML page')
    .addHelpText('after', '\nExit status: as that of explore, fuzz or conform.')
    .action(resultsAction);
  const cancel = new Command('cancel')
    .description('stop campaigns and keep their results; the same command continues a stopped campaign')
    .argument('<id...>', 'ids of campaigns')
    .addOption(redisOption())
    .action((ids: readonly string[], where: Where) => forEach(ids, where, 'cancelled'));
  const remove = new Command('remove')
    .description('stop campaigns and delete their results')
    .argument('<id...>', 'ids of campaigns')
    .addOption(redisOption())
    .action((ids: readonly string[], where: Where) => forEach(ids, where, 'removed'));
  return new Command('campaign')
    .description('list, wait for and stop campaigns that explore, fuzz or conform queued with --redis')
    .addCommand(status)
    .addCommand(results)
    .addCommand(cancel)
    .addCommand(remove);
}

async function statusAction(
  ids: readonly string[],
  options: Where & { readonly json?: true },
): Promise<void> {
  await withRedis(options, async (redis) => {
    const { Registry, stateOfCampaign } = await loadRedis();
    const registry = new Registry(redis);
    const campaigns = [];
    for (const id of ids.length > 0 ? ids : await registry.ids()) {
      const campaign = await registry.get(id);
      campaigns.push({ campaign, state: await stateOfCampaign(redis, campaign) });
    }
    const text = options.json
      ? `${JSON.stringify(campaigns.map(toJson), null, 2)}\n`
      : campaigns.length === 0
        ? 'no campaigns\n'
        : campaigns.map(toText).join('');
    process.stdout.write(text);
  });
}

interface Listed {
  readonly campaign: Campaign;
  readonly state: CampaignState;
}

function toJson({ campaign, state }: Listed) {
  const { spec, ...rest } = campaign;
  return { ...rest, kind: spec.kind, slices: state };
}

function toText({ campaign, state }: Listed): string {
  const { id, command, startedAt, isCancelled, build } = campaign;
  const { done, active, waiting, failed, workers } = state;
  const isDone = active + waiting + failed === 0;
  const summary = isCancelled ? 'cancelled' : isDone ? 'done' : 'running';
  const counts = [`${done} slices done`, `${active} running`, `${waiting} waiting`, `${failed} failed`];
  return [
    `${id}  ${summary}, started ${startedAt}, build ${build}`,
    `  transplant ${command}`,
    `  ${counts.filter((count) => !count.startsWith('0 ')).join(', ')}; workers of its build: ${workers}`,
    '',
  ].join('\n');
}

async function resultsAction(id: string, options: ResultOptions): Promise<void> {
  const redis = requireRedisUrl(options.redis);
  const { spec, command } = await withRedis({ redis }, async (connection) => {
    const { buildName, Registry } = await loadRedis();
    const campaign = await new Registry(connection).get(id);
    const build = buildName();
    if (campaign.build !== build)
      throw new EnvironmentError(
        `campaign ${id} was started by build ${campaign.build}; this is build ${build}`,
        'run this command with the build that started it: results of another build cannot be read',
      );
    return campaign;
  });
  await withExecutor(
    { jobs: 1, redis, command },
    (executor, control, setSummary) => {
      if (spec.kind === 'explore') return runExplore(spec, executor, control, options, setSummary);
      if (spec.kind === 'fuzz') return runFuzz(spec, executor, control, options, setSummary);
      return runConform(spec, executor, control, options, setSummary);
    },
    options.seconds,
  );
}

async function forEach(ids: readonly string[], where: Where, what: 'cancelled' | 'removed'): Promise<void> {
  await withRedis(where, async (redis) => {
    const { cancelCampaign, Registry, removeCampaign } = await loadRedis();
    for (const id of ids) {
      const campaign = await new Registry(redis).get(id);
      await (what === 'cancelled' ? cancelCampaign : removeCampaign)(redis, campaign);
      process.stderr.write(`campaign ${id}: ${what}\n`);
    }
  });
}

type Redis = Awaited<ReturnType<RedisCampaigns['connectRedis']>>;

async function withRedis<T>({ redis: url }: Where, work: (redis: Redis) => Promise<T>): Promise<T> {
  const { connectRedis, disconnect } = await loadRedis();
  const redis = await connectRedis(requireRedisUrl(url));
  try {
    return await work(redis);
  } finally {
    disconnect(redis);
  }
}
