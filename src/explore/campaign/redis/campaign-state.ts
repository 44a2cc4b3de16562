import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { SliceResult } from '../campaign-kind.ts';
import { nameSlices, SHRINK_STAGE } from '../executor.ts';
import { kindOf } from '../kinds.ts';
import { type JobData, jobId, needsOf, openQueue } from './jobs.ts';
import { type Campaign, Registry } from './registry.ts';

/** The state of a campaign: numbers of its slices. */
export interface CampaignState {
  readonly done: number;
  readonly active: number;
  readonly waiting: number;
  readonly failed: number;
  /** Connected workers of its build. */
  readonly workers: number;
}

/** Visits the job of each known slice: the initial ones, and those that came from results. */
async function eachJob(
  queue: Queue<JobData>,
  { id, spec }: Campaign,
  visit: (job: Job<JobData> | undefined) => void | Promise<void>,
): Promise<void> {
  const open = nameSlices(kindOf(spec).initialSlices(spec)).map(({ name }) => name);
  for (let at = 0; at < open.length; at++) {
    const name = open[at] as string;
    const job = await queue.getJob(jobId(id, name));
    if (job?.returnvalue) {
      const { nextSlices } = job.returnvalue as SliceResult;
      for (const each of nameSlices(nextSlices, name)) open.push(each.name);
    }
    await visit(job);
  }
  // The slices that minimise failures, if a command got that far.
  for (let at = 0; ; at++) {
    const job = await queue.getJob(jobId(id, `${SHRINK_STAGE}.${at}`));
    if (!job) return;
    await visit(job);
  }
}

/** Counts the slices of a campaign by state. */
export async function stateOfCampaign(redis: Redis, campaign: Campaign): Promise<CampaignState> {
  const queue = openQueue(redis, campaign.build, needsOf(campaign.spec));
  try {
    const count = { done: 0, active: 0, waiting: 0, failed: 0 };
    await eachJob(queue, campaign, (job) => {
      if (job?.returnvalue) count.done++;
      else if (job?.finishedOn !== undefined && job.failedReason !== undefined) count.failed++;
      else if (job?.processedOn !== undefined && job.finishedOn === undefined) count.active++;
      else count.waiting++;
    });
    return { ...count, workers: await queue.getWorkersCount() };
  } finally {
    await queue.close();
  }
}

/** Cancels a campaign: waiting slices do not run, stored results remain. */
export async function cancelCampaign(redis: Redis, campaign: Campaign): Promise<void> {
  await new Registry(redis).cancel(campaign.id);
}

/** Cancels a campaign and deletes all of it. */
export async function removeCampaign(redis: Redis, campaign: Campaign): Promise<void> {
  const registry = new Registry(redis);
  await registry.cancel(campaign.id);
  const queue = openQueue(redis, campaign.build, needsOf(campaign.spec));
  try {
    const jobs: Job<JobData>[] = [];
    await eachJob(queue, campaign, (job) => {
      if (job) jobs.push(job);
    });
    for (const job of jobs) {
      // A job that a worker holds cannot be removed. The worker finds its campaign cancelled; only that job remains.
      await job.remove().catch(() => {});
    }
    await registry.remove(campaign.id);
  } finally {
    await queue.close();
  }
}
