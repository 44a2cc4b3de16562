import { z } from 'zod';
import { MANIFEST_VERSION } from './layout.ts';

const ofNode = z.union([
  z.strictObject({ state: z.enum(['resolves', 'dangling']), target: z.string() }),
  z.strictObject({ state: z.literal('absent') }),
]);

const device = z.strictObject({
  name: z.string(),
  /** Name of the bound driver. */
  driver: z.string().nullable(),
  ofNode,
  /** Only with `--devspec`: on a damaged partition the kernel then uses freed nodes. */
  devspec: z.string().exactOptional(),
});

/** The JSON form of a manifest; docs/field.md documents it. */
export const manifest = z.strictObject({
  format: z.literal('transplant-capture'),
  version: z.literal(MANIFEST_VERSION),
  /** The program that made the capture: `transplant 0.1.0`, `capture script of transplant 0.1.0`. */
  by: z.string(),
  /** When, in UTC, by the partition's clock. */
  when: z.iso.datetime(),
  /** Kernel release as in `uname -r`; empty where it is unknown. */
  release: z.string(),
  /** Host name; absent where it is hidden. */
  host: z.string().exactOptional(),
  redacted: z.boolean(),
  files: z.strictObject({
    /** Lines of SHA256SUMS: all files but itself and the manifest. */
    count: z.int().nonnegative(),
    /** SHA-256 of SHA256SUMS, lower-case hex. */
    sums: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** The VIO bus. */
  devices: z.array(device),
  /** What could not be read, and why. */
  unread: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** Secrets, by path; their values are nowhere in the capture. */
  leftOut: z.array(z.string()),
  /** Files whose last part alone is in the capture. */
  truncated: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifest>;
export type CapturedDevice = z.infer<typeof device>;
