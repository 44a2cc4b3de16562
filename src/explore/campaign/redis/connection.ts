import { Redis } from 'ioredis';
import { EnvironmentError, InputError } from '../../../base/index.ts';

const hint =
  'start redis-server or valkey-server there, with an append-only file so that it may restart; a password goes into the URL, or with the URL into TRANSPLANT_REDIS';

/** Where a Redis or Valkey is, without who asks and with what password: fit for logs. */
export function redactedUrl(url: string): string {
  const { protocol, hostname, port, pathname } = parse(url);
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${pathname === '/' ? '' : pathname}`;
}

/**
 * Connects. A Redis that goes away later is waited for, however long: what was sent meanwhile is sent again.
 * @param url `redis://[USER:PASSWORD@]HOST[:PORT][/DB]`, or `rediss:` for TLS
 * @param onAway told when it goes away (true) and when it is back
 * @throws CampaignError where there is none
 */
export async function connectRedis(
  url: string,
  onAway: (isAway: boolean) => void = () => {},
): Promise<Redis> {
  const place = redactedUrl(url);
  let wasUp = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (wasUp ? Math.min(times * 100, 2000) : null),
  });
  let problem = 'it hangs up';
  redis.on('error', ({ message }: Error) => {
    problem = message;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    const { message } = error as Error;
    throw new EnvironmentError(
      `no Redis at ${place}: ${inWords(/closed/i.test(message) ? problem : message)}`,
      hint,
    );
  }
  wasUp = true;
  redis.on('close', () => onAway(true)).on('ready', () => onAway(false));
  return redis;
}

/** Ends a connection of ours, which is no going away. */
export function disconnect(redis: Redis): void {
  redis.removeAllListeners('close');
  redis.disconnect();
}

/** What Redis says of passwords takes half a screen. */
function inWords(message: string): string {
  if (message.startsWith('NOAUTH')) return 'it wants a password';
  return message.startsWith('WRONGPASS') ? 'it does not know that user and password' : message;
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^rediss?:$/.test(parsed.protocol) && parsed.hostname !== '') return parsed;
  // Not shown: it may hold a password.
  throw new InputError(
    'not the URL of a Redis',
    {},
    { hint: 'redis://HOST:PORT, or rediss:// for TLS; a user and password go before the host' },
  );
}
