import type { Redis } from 'ioredis';
import { EnvironmentError } from '../../../base/index.ts';
import { type CampaignSpec, campaignId } from '../spec.ts';
import { KEY_PREFIX } from './jobs.ts';

/** A campaign as it is stored. */
export interface Campaign {
  readonly id: string;
  readonly build: string;
  readonly spec: CampaignSpec;
  /** The command line, without the URL of Redis. */
  readonly command: string;
  /** When it was started first, ISO 8601. */
  readonly startedAt: string;
  readonly isCancelled: boolean;
}

const LIST_KEY = `${KEY_PREFIX}:campaigns`;
const keyOf = (id: string) => `${KEY_PREFIX}:campaign:${id}`;

/** The stored campaigns of one Redis. */
export class Registry {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Stores a campaign; one that exists, or was cancelled, is resumed. @returns its id */
  async open(build: string, spec: CampaignSpec, command: string): Promise<string> {
    const id = campaignId(build, spec);
    const key = keyOf(id);
    await this.#redis
      .multi()
      .hset(key, { build, spec: JSON.stringify(spec), command })
      .hsetnx(key, 'startedAt', new Date().toISOString())
      .hdel(key, 'cancelled')
      .sadd(LIST_KEY, id)
      .exec();
    return id;
  }

  /** @throws EnvironmentError when no campaign has that id */
  async get(id: string): Promise<Campaign> {
    const campaign = await this.find(id);
    if (campaign) return campaign;
    const ids = await this.ids();
    throw new EnvironmentError(
      `no campaign ${id}`,
      ids.length === 0 ? 'there are none' : `there are ${ids.join(', ')}`,
    );
  }

  async find(id: string): Promise<Campaign | undefined> {
    const { build, spec, command, startedAt, cancelled } = await this.#redis.hgetall(keyOf(id));
    if (build === undefined || spec === undefined) return undefined;
    const isCancelled = cancelled !== undefined;
    return {
      id,
      build,
      spec: JSON.parse(spec) as CampaignSpec,
      command: command ?? '',
      startedAt: startedAt ?? '',
      isCancelled,
    };
  }

  async ids(): Promise<readonly string[]> {
    return (await this.#redis.smembers(LIST_KEY)).sort();
  }

  async isOpen(id: string): Promise<boolean> {
    const [isThere, isCancelled] = await Promise.all([
      this.#redis.hexists(keyOf(id), 'spec'),
      this.#redis.hexists(keyOf(id), 'cancelled'),
    ]);
    return isThere === 1 && isCancelled === 0;
  }

  async cancel(id: string): Promise<void> {
    await this.#redis.hset(keyOf(id), 'cancelled', '1');
  }

  async remove(id: string): Promise<void> {
    await this.#redis.multi().srem(LIST_KEY, id).del(keyOf(id)).exec();
  }
}
