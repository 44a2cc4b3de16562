import { Redis } from 'ioredis';
import { EnvironmentError, InputError } from '../../../base/index.ts';

const hint =
  'start redis-server or valkey-server there (with --appendonly yes it may restart); put a password into the URL, or the URL into TRANSPLANT_REDIS';

/** The URL of a Redis or Valkey without user and password, for logs. @throws InputError for a URL that is not one */
export function redactedUrl(url: string): string {
  const { protocol, hostname, port, pathname } = parse(url);
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${pathname === '/' ? '' : pathname}`;
}

/**
 * Connects to Redis or Valkey. When the connection is lost later, it is restored without a time limit, and commands sent meanwhile
 * are sent again.
 * @param url `redis://[USER:PASSWORD@]HOST[:PORT][/DB]`, or `rediss:` for TLS
 * @param onAway called when the connection is lost (true) and when it is restored (false)
 * @throws EnvironmentError when the first attempt fails
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
  let problem = 'the connection was closed';
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

/** Closes a connection without a report that it is lost. */
export function disconnect(redis: Redis): void {
  redis.removeAllListeners('close');
  redis.disconnect();
}

/** Short texts for errors about passwords, for which Redis prints half a screen. */
function inWords(message: string): string {
  if (message.startsWith('NOAUTH')) return 'it requires a password';
  return message.startsWith('WRONGPASS') ? 'user or password is wrong' : message;
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^rediss?:$/.test(parsed.protocol) && parsed.hostname !== '') return parsed;
  // The URL is not part of the message: it may contain a password.
  throw new InputError(
    'not a URL of Redis or Valkey',
    {},
    { hint: 'use redis://[USER:PASSWORD@]HOST[:PORT], or rediss:// for TLS' },
  );
}
