// Campaigns on many machines. Not part of the room's index: whoever works on one machine loads no client of Redis.
export { buildName } from './campaign/redis/build.ts';
export { connectRedis, disconnect, placeOf } from './campaign/redis/connection.ts';
export { QueueCrew } from './campaign/redis/queue-crew.ts';
export { type Campaign, Registry } from './campaign/redis/registry.ts';
export { cancelCampaign, progressOf, removeCampaign, type Standing } from './campaign/redis/standing.ts';
export { SliceWorker } from './campaign/redis/worker.ts';
