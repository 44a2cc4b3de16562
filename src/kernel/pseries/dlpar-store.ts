import { EINVAL } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR } from '../core/log.ts';
import { dlparAddDt, dlparRemoveDt } from './dlpar-dt.ts';
import { parseUnsigned } from './numbers.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/** A parsed request. `index` is the drc index. */
interface Request {
  readonly resource: string;
  readonly action: string;
  readonly idType: string;
  readonly index: number;
}

/**
 * A write to /sys/kernel/dlpar (dlpar.c): `RESOURCE ACTION ID_TYPE ID…`, split at single spaces. The model implements
 * `dt` requests, which exist since v6.12, and rejects those for processors and memory.
 * @returns 0 or a negative errno
 */
export function* dlparStore(k: PseriesKernel, text: string): Flow<number> {
  const request = parse(k, text);
  const error = request ? yield* handle(k, request) : -EINVAL;
  if (error !== 0) k.log.print(KERN_ERR, `dlpar: Could not handle DLPAR request "${text}"`);
  return error;
}

/** The contents of /sys/kernel/dlpar. */
export function dlparShow(k: PseriesKernel): string {
  return k.release.dlparDt ? 'memory,cpu,dt\n' : 'memory,cpu\n';
}

function* handle(k: PseriesKernel, { resource, action, idType, index }: Request): Flow<number> {
  if (resource !== 'dt' || idType !== 'index') return -EINVAL;
  k.ledger.step(`dlpar dt ${action}`);
  return action === 'add' ? yield* dlparAddDt(k, index) : yield* dlparRemoveDt(k, index);
}

function parse(k: PseriesKernel, text: string): Request | undefined {
  const words = text.split(' ');
  const resource = known(words[0], k.release.dlparDt ? ['memory', 'cpu', 'dt'] : ['memory', 'cpu']);
  if (resource === undefined) return refuse(k, 'Invalid resource specified.');
  if (words[1] === undefined) return undefined;
  const action = known(words[1], ['add', 'remove']);
  if (action === undefined) return refuse(k, 'Invalid action specified.');
  if (words[2] === undefined) return undefined;
  const idType = known(words[2], ['indexed-count', 'index', 'count']);
  if (idType === undefined) return refuse(k, 'Invalid id_type specified.');
  let index = 0;
  for (const [place, what] of idType === 'indexed-count'
    ? both
    : idType === 'index'
      ? indexOnly
      : countOnly) {
    const word = words[place];
    if (word === undefined) return refuse(k, `No DRC ${what} specified.`);
    const value = parseUnsigned(word, 32);
    if (typeof value === 'number') return refuse(k, `Invalid DRC ${what} specified.`);
    if (what === 'Index') index = Number(value);
  }
  return { resource, action, idType, index };
}

const both = [
  [3, 'count'],
  [4, 'Index'],
] as const;
const indexOnly = [[3, 'Index']] as const;
const countOnly = [[3, 'count']] as const;

function refuse(k: PseriesKernel, text: string): undefined {
  k.log.print(KERN_ERR, `dlpar: ${text}`);
}

/** sysfs_streq() with each known word. */
function known(word: string | undefined, words: readonly string[]): string | undefined {
  const bare = word?.endsWith('\n') ? word.slice(0, -1) : word;
  return words.find((candidate) => candidate === bare);
}
