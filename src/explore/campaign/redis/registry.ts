import type { Redis } from 'ioredis';
import { EnvironmentError } from '../../../base/index.ts';
import { type Ask, campaignId } from '../ask.ts';
import { prefix } from './post.ts';

/** A campaign as it is kept. */
export interface Campaign {
  readonly id: string;
  readonly build: string;
  readonly ask: Ask;
  /** The command in the words of its user, without the URL. */
  readonly words: string;
  /** When it was asked first, ISO 8601. */
  readonly asked: string;
  readonly isCancelled: boolean;
}

const listKey = `${prefix}:campaigns`;
const keyOf = (id: string) => `${prefix}:campaign:${id}`;

/** Which campaigns there are, and what each is about. */
export class Registry {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Notes a campaign; one that was asked before, or was cancelled, is taken up again. @returns its id */
  async open(build: string, ask: Ask, words: string): Promise<string> {
    const id = campaignId(build, ask);
    const key = keyOf(id);
    await this.#redis
      .multi()
      .hset(key, { build, ask: JSON.stringify(ask), words })
      .hsetnx(key, 'asked', new Date().toISOString())
      .hdel(key, 'cancelled')
      .sadd(listKey, id)
      .exec();
    return id;
  }

  /** @throws CampaignError where there is none of that id */
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
    const { build, ask, words, asked, cancelled } = await this.#redis.hgetall(keyOf(id));
    if (build === undefined || ask === undefined) return undefined;
    const isCancelled = cancelled !== undefined;
    return { id, build, ask: JSON.parse(ask) as Ask, words: words ?? '', asked: asked ?? '', isCancelled };
  }

  async ids(): Promise<readonly string[]> {
    return (await this.#redis.smembers(listKey)).sort();
  }

  async isOpen(id: string): Promise<boolean> {
    const [isThere, isCancelled] = await Promise.all([
      this.#redis.hexists(keyOf(id), 'ask'),
      this.#redis.hexists(keyOf(id), 'cancelled'),
    ]);
    return isThere === 1 && isCancelled === 0;
  }

  async cancel(id: string): Promise<void> {
    await this.#redis.hset(keyOf(id), 'cancelled', '1');
  }

  async remove(id: string): Promise<void> {
    await this.#redis.multi().srem(listKey, id).del(keyOf(id)).exec();
  }
}
