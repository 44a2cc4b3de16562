import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { NamedSlice } from '../executor.ts';
import { type CampaignSpec, realKernelOf } from '../spec.ts';

/** What keys in Redis begin with. */
export const KEY_PREFIX = 'transplant';

/** Slices that need QEMU have a queue of their own: not every machine has it. */
export type Needs = 'model' | 'kernel';

export const needsOf = (spec: CampaignSpec): Needs => (realKernelOf(spec) ? 'kernel' : 'model');

/** Each build has queues of its own, so that a worker never meets a slice of another. */
export const queueName = (build: string, needs: Needs) => `${build}-${needs}`;

/** What a job carries; the ask is kept once for its campaign. */
export interface JobData {
  readonly campaign: string;
  readonly name: string;
  readonly slice: unknown;
}

const jobOptions: JobsOptions = {
  // A machine may lack what a slice needs; others may have it.
  attempts: 3,
  backoff: { type: 'fixed', delay: 1000 },
  // An outcome is kept until its campaign is removed, so that nothing runs twice.
  removeOnComplete: false,
  removeOnFail: false,
};

export const jobId = (campaign: string, name: string) => `${campaign}-${name}`;

export function openQueue(redis: Redis, build: string, needs: Needs): Queue<JobData> {
  const queue = new Queue<JobData>(queueName(build, needs), { connection: redis, prefix: KEY_PREFIX });
  // The connection tells of its own errors.
  queue.on('error', () => {});
  return queue;
}

/** Puts slices into the queue. One that is there already, waiting or done, stays as it is. */
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
