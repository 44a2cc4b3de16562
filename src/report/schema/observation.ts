import { z } from 'zod';
import { tree } from './tree.ts';

/** `Platform` of `src/partition/`. */
export const platform = z.object({
  kind: z.enum(['model', 'linux', 'capture']),
  release: z.string(),
  policy: z.string(),
  description: z.string(),
});

/** `LogLine` of `src/partition/`. */
export const logLine = z.object({
  seconds: z.number(),
  level: z.number().exactOptional(),
  clock: z.number().exactOptional(),
  untimed: z.literal(true).exactOptional(),
  text: z.string(),
});

/** `Warning` of `src/partition/`. */
export const warning = z.object({
  at: z.number(),
  message: z.string(),
  place: z.string().exactOptional(),
  callChain: z.array(z.string()),
  end: z.number().exactOptional(),
  kind: z.enum(['warning', 'oops', 'stall', 'trace']).exactOptional(),
  process: z.string().exactOptional(),
  release: z.string().exactOptional(),
  failed: z.string().exactOptional(),
});

const ofNodeLink = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['resolves', 'dangling']), target: z.string() }),
  z.object({ state: z.literal('absent') }),
]);

/** `VioDevice` of `src/partition/`. */
export const vioDevice = z.object({
  name: z.string(),
  driver: z.string().nullable(),
  ofNode: ofNodeLink,
  devspec: z.string().exactOptional(),
});

/** `DriverState` of `src/partition/`. */
export const driverState = z.object({
  driver: z.string(),
  device: z.string(),
  values: z.record(z.string(), z.union([z.number(), z.string()])),
});

const nodeReferences = z.object({
  path: z.string(),
  phandle: z.number(),
  generation: z.number(),
  state: z.enum(['attached', 'detached', 'released', 'never attached']),
  boot: z.boolean(),
  count: z.number(),
  holders: z.array(z.object({ who: z.string(), count: z.number() })),
});

/** `Observation` of `src/partition/`. */
export const observation = z.object({
  platform,
  tree,
  unread: z.array(z.string()),
  devices: z.array(vioDevice),
  log: z.array(logLine),
  warnings: z.array(warning),
  drivers: z.array(driverState),
  references: z.array(nodeReferences).exactOptional(),
});
