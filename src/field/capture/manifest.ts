import { z } from 'zod';
import { InputError } from '../../devicetree/index.ts';

/** Raised when a reader of an older version would misunderstand what is written. */
export const manifestVersion = 1;

const ofNode = z.union([
  z.strictObject({ state: z.enum(['resolves', 'dangling']), target: z.string() }),
  z.strictObject({ state: z.literal('absent') }),
]);

const device = z.strictObject({
  name: z.string(),
  /** Name of the bound driver. */
  driver: z.string().nullable(),
  ofNode,
  /** Only where the user asked for it: reading it on an ill partition may do harm. */
  devspec: z.string().exactOptional(),
});

const manifest = z.strictObject({
  format: z.literal('transplant-capture'),
  version: z.literal(manifestVersion),
  /** What made the capture: `transplant 0.1.0`, `capture script of transplant 0.1.0`. */
  by: z.string(),
  /** When, in UTC, by the partition's clock. */
  when: z.iso.datetime(),
  /** Kernel release, as `uname -r` has it; empty where it is not known. */
  release: z.string(),
  /** Host name; absent where it is hidden. */
  host: z.string().exactOptional(),
  redacted: z.boolean(),
  files: z.strictObject({
    /** Lines of SHA256SUMS: files beside it and the manifest. */
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
  /** Files of which only the last part was taken. */
  truncated: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifest>;
export type CapturedDevice = z.infer<typeof device>;

/**
 * Reads a manifest; its text is taken byte by byte, as the names of nodes are.
 * @throws InputError with the place in the manifest
 */
export function parseManifest(bytes: Uint8Array, file: string): Manifest {
  const where = { file, path: 'manifest.json' };
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('latin1'));
  } catch (error) {
    throw new InputError(`the manifest is not JSON: ${(error as Error).message}`, where);
  }
  if ((json as { version?: unknown } | null)?.version !== manifestVersion && isCapture(json))
    throw new InputError('a capture of another version', where, {
      hint: `this one reads version ${manifestVersion}`,
    });
  const parsed = manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    `the manifest is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`,
    where,
  );
}

/** JSON in ASCII only, so that each character stands for one byte. */
export function manifestBytes(content: Manifest): Uint8Array {
  const json = JSON.stringify(content, null, 2).replace(/[^\x20-\x7e\n]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return new Uint8Array(Buffer.from(`${json}\n`, 'latin1'));
}

function isCapture(json: unknown): boolean {
  return (json as { format?: unknown } | null)?.format === 'transplant-capture';
}
