import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { NamedSlice } from '../executor.ts';
import { type CampaignSpec, realKernelOf } from '../spec.ts';

/** Prefix of all keys in Redis. */
export const KEY_PREFIX = 'transplant';

/** What a slice needs. Slices that need QEMU have a separate queue, because not every machine has QEMU. */
export type Needs = 'model' | 'kernel';

/** What the slices of a campaign need. */
export const needsOf = (spec: CampaignSpec): Needs => (realKernelOf(spec) ? 'kernel' : 'model');

/** Each build has its own queues, so that a worker never takes a slice of another build. */
export const queueName = (build: string, needs: Needs) => `${build}-${needs}`;

/** The data of a job. The spec is stored once for its campaign. */
export interface JobData {
  readonly campaign: string;
  readonly name: string;
  readonly slice: unknown;
}

const jobOptions: JobsOptions = {
  // A machine may lack what a slice needs; another may have it.
  attempts: 3,
  backoff: { type: 'fixed', delay: 1000 },
  // A result is stored until its campaign is removed, so that no slice runs twice.
  removeOnComplete: false,
  removeOnFail: false,
};

/** The id of the job of a slice. */
export const jobId = (campaign: string, name: string) => `${campaign}-${name}`;

/** Opens the queue of a build; the caller closes it. */
export function openQueue(redis: Redis, build: string, needs: Needs): Queue<JobData> {
  const queue = new Queue<JobData>(queueName(build, needs), { connection: redis, prefix: KEY_PREFIX });
  // The connection reports its own errors.
  queue.on('error', () => {});
  return queue;
}

/** Adds slices to the queue. A slice that is already in it, waiting or done, is not changed. */
export async function enqueueSlices(
  queue: Queue<JobData>,
  campaign: string,
  slices: readonly NamedSlice[],
): Promise<void> {
  await queue.addBulk(
    slices.map(({ name, slice }) => ({
      name: 'slice',
      data: { campaign, name, slice },
      opts: { ...jobOptions, jobId: jobId(campaign, name) },
    })),
  );
}
