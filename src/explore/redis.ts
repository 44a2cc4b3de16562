/** Campaigns on several machines. Separate from the index of the room, because it needs the optional packages bullmq and ioredis. */
export { buildName } from './campaign/redis/build.ts';
export {
  type CampaignState,
  cancelCampaign,
  removeCampaign,
  stateOfCampaign,
} from './campaign/redis/campaign-state.ts';
export { connectRedis, disconnect, redactedUrl } from './campaign/redis/connection.ts';
export type { Needs } from './campaign/redis/jobs.ts';
export { QueueExecutor } from './campaign/redis/queue-executor.ts';
export { type Campaign, Registry } from './campaign/redis/registry.ts';
export { SliceWorker, type WorkerOptions } from './campaign/redis/worker.ts';
