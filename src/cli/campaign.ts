import { Command } from 'commander';
import { EnvironmentError } from '../base/index.ts';
import type { Campaign, CampaignState } from '../explore/redis.ts';
import { runConform } from './conform.ts';
import { redisOption, requireRedisUrl, withExecutor } from './executor.ts';
import { runExplore } from './explore.ts';
import { runFuzz } from './fuzz.ts';
import { wholeNumber } from './options.ts';

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
    .description('how far campaigns are')
    .argument('[id...]', 'campaigns; absent: all')
    .addOption(redisOption())
    .option('--json', 'as JSON')
    .action(statusAction);
  const results = new Command('results')
    .description('wait for a campaign to end, and tell what it found as its own command would have')
    .argument('<id>', 'campaign')
    .addOption(redisOption())
    .option('--seconds <number>', 'wait so long at most, and tell what is there', (text) =>
      wholeNumber('--seconds', text),
    )
    .option('--json', 'as JSON')
    .option('--report <file>', 'of explore: write a page that shows the shortest run of each failure')
    .option('--junit <file>', 'write it as JUnit XML')
    .action(resultsAction);
  const cancel = new Command('cancel')
    .description('stop a campaign; what is done is kept, and to ask again takes it up again')
    .argument('<id...>', 'campaigns')
    .addOption(redisOption())
    .action((ids: readonly string[], where: Where) => forEach(ids, where, 'cancelled'));
  const remove = new Command('remove')
    .description('stop a campaign and forget all of it')
    .argument('<id...>', 'campaigns')
    .addOption(redisOption())
    .action((ids: readonly string[], where: Where) => forEach(ids, where, 'removed'));
  return new Command('campaign')
    .description('look after campaigns that explore, fuzz and conform gave to a queue with --redis')
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
    const { Registry, stateOfCampaign } = await import('../explore/redis.ts');
    const registry = new Registry(redis);
    const told = [];
    for (const id of ids.length > 0 ? ids : await registry.ids()) {
      const campaign = await registry.get(id);
      told.push({ campaign, standing: await stateOfCampaign(redis, campaign) });
    }
    const text = options.json
      ? `${JSON.stringify(told.map(toJson), null, 2)}\n`
      : told.length === 0
        ? 'no campaigns\n'
        : told.map(toText).join('');
    process.stdout.write(text);
  });
}

function toJson({ campaign, standing }: { campaign: Campaign; standing: CampaignState }) {
  const { spec, ...rest } = campaign;
  return { ...rest, kind: spec.kind, slices: standing };
}

function toText({ campaign, standing }: { campaign: Campaign; standing: CampaignState }): string {
  const { id, command, startedAt, isCancelled, build } = campaign;
  const { done, active, waiting, failed, workers } = standing;
  const isDone = active + waiting + failed === 0;
  const state = isCancelled ? 'cancelled' : isDone ? 'done' : 'open';
  const counts = [`${done} slices done`, `${active} under way`, `${waiting} waiting`, `${failed} failed`];
  return [
    `${id}  ${state}, asked ${startedAt}, build ${build}`,
    `  transplant ${command}`,
    `  ${counts.filter((count) => !count.startsWith('0 ')).join(', ')}; workers of this build: ${workers}`,
    '',
  ].join('\n');
}

async function resultsAction(id: string, options: ResultOptions): Promise<void> {
  const redis = requireRedisUrl(options.redis);
  const { spec, command } = await withRedis({ redis }, async (connection) => {
    const { buildName, Registry } = await import('../explore/redis.ts');
    const campaign = await new Registry(connection).get(id);
    const build = buildName();
    if (campaign.build !== build)
      throw new EnvironmentError(
        `campaign ${id} was asked by build ${campaign.build}, and this is ${build}`,
        'its outcomes mean something to that build only; ask it there',
      );
    return campaign;
  });
  await withExecutor(
    { jobs: 1, redis, words: command },
    (crew, control, tally) => {
      if (spec.kind === 'explore') return runExplore(spec, crew, control, options, tally);
      if (spec.kind === 'fuzz') return runFuzz(spec, crew, control, options, tally);
      return runConform(spec, crew, control, options, tally);
    },
    options.seconds,
  );
}

async function forEach(ids: readonly string[], where: Where, what: 'cancelled' | 'removed'): Promise<void> {
  await withRedis(where, async (redis) => {
    const { cancelCampaign, Registry, removeCampaign } = await import('../explore/redis.ts');
    for (const id of ids) {
      const campaign = await new Registry(redis).get(id);
      await (what === 'cancelled' ? cancelCampaign : removeCampaign)(redis, campaign);
      process.stderr.write(`campaign ${id} is ${what}\n`);
    }
  });
}

type Redis = Awaited<ReturnType<typeof import('../explore/redis.ts').connectRedis>>;

async function withRedis<T>({ redis: url }: Where, work: (redis: Redis) => Promise<T>): Promise<T> {
  const { connectRedis, disconnect } = await import('../explore/redis.ts');
  const redis = await connectRedis(requireRedisUrl(url));
  try {
    return await work(redis);
  } finally {
    disconnect(redis);
  }
}
