import { InputError } from '../../base/index.ts';
import { MANIFEST_VERSION } from './layout.ts';
import type { Manifest } from './manifest-schema.ts';

/**
 * Reads a manifest. Its text is Latin-1, one character for each byte, as the names of nodes are.
 * @throws InputError with the place in the manifest
 */
export async function parseManifest(bytes: Uint8Array, file: string): Promise<Manifest> {
  const where = { file, path: 'manifest.json' };
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('latin1'));
  } catch (error) {
    throw new InputError(`the manifest is not JSON: ${(error as Error).message}`, where);
  }
  if ((json as { version?: unknown } | null)?.version !== MANIFEST_VERSION && isCapture(json))
    throw new InputError('a capture of another version', where, {
      hint: `this one reads version ${MANIFEST_VERSION}`,
    });
  // Loaded on demand: loading zod takes longer than reading a tree.
  const { manifest } = await import('./manifest-schema.ts');
  const parsed = manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    `the manifest is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`,
    where,
  );
}

/** JSON in ASCII, so that each character is one byte. */
export function manifestBytes(content: Manifest): Uint8Array {
  const json = JSON.stringify(content, null, 2).replace(/[^\x20-\x7e\n]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return new Uint8Array(Buffer.from(`${json}\n`, 'latin1'));
}

function isCapture(json: unknown): boolean {
  return (json as { format?: unknown } | null)?.format === 'transplant-capture';
}
