import { type Chunks, CutOff, decompress, type Packing } from '../archive/decompress.ts';
import { defaultLimits, type Limits } from '../archive/limits.ts';
import { TarReader } from '../archive/tar-reader.ts';
import { type Archive, Collector } from './collector.ts';

/**
 * Reads a support archive: a capture, a sosreport, a supportconfig, a snap, or any archive with a device tree or kernel logs
 * in it. Nothing is unpacked to disk, no link is followed, and only the tree, logs and a few small files are kept in memory.
 * @throws InputError for what is no archive, leaves its folder, or exceeds the limits
 */
export async function readArchive(
  chunks: Chunks,
  packing: Packing,
  file: string,
  limits: Limits = defaultLimits,
): Promise<Archive> {
  const found = new Collector();
  const reader = new TarReader(
    { wants: (member) => found.wants(member), member: (member, bytes) => found.take(member, bytes) },
    limits,
    file,
  );
  let cutOff: string | undefined;
  try {
    for await (const chunk of decompress(chunks, packing, limits, file)) reader.push(chunk);
    cutOff = reader.end();
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
    cutOff = reader.end() ?? 'its checksum is missing';
  }
  return found.archive(
    cutOff === undefined ? undefined : `the archive is truncated after ${reader.members} members: ${cutOff}`,
  );
}
