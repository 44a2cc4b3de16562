import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../archive/tar-writer.ts';
import { gather } from './gather.ts';
import * as layout from './layout.ts';
import type { Gathered } from './machine.ts';
import { manifestBytes } from './manifest.ts';
import type { Manifest } from './manifest-schema.ts';
import { redact } from './redact.ts';

export interface CaptureOptions {
  /** Where the machine's `/` is; `''`, the default, on the machine itself. */
  readonly root?: string;
  /** Hide serial numbers, names and addresses of the machine, see `redact`. */
  readonly redact?: boolean;
  /** Redact with this salt (`readSalt`), so that captures can be compared; absent: with a random one. */
  readonly salt?: string;
  /** Read each device's devspec: on a damaged partition the kernel then uses freed nodes. */
  readonly devspec?: boolean;
  /** Name and version of the program, for the manifest: `transplant 0.1.0`. */
  readonly by: string;
  readonly when?: Date;
}

export interface Written {
  readonly manifest: Manifest;
  /** The archive, tar.gz. */
  readonly bytes: Uint8Array;
}

/**
 * Captures a machine: its device tree, VIO bus, kernel log and other files that show its state.
 * @throws InputError when there is no device tree
 */
export function writeCapture(options: CaptureOptions): Written {
  const { root = '', when = new Date(), by, salt } = options;
  const hide = options.redact === true || salt !== undefined;
  const gathered = gather({ root, redact: hide, devspec: options.devspec ?? false });
  const text = (path: string) =>
    Buffer.from(gathered.files.get(path) ?? [])
      .toString('latin1')
      .trim();
  const release = text('proc/sys/kernel/osrelease');
  const host = text(layout.HOST_PATH);
  gathered.files.delete(layout.HOST_PATH);
  if (hide) redact(gathered, host, salt);
  return pack(gathered, when, {
    by,
    release,
    redacted: hide,
    ...(!hide && host !== '' && { host }),
  });
}

type About = Pick<Manifest, 'by' | 'release' | 'redacted'> & { host?: string };

function pack(gathered: Gathered, when: Date, about: About): Written {
  const sums = new Uint8Array(Buffer.from(sumsOf(gathered.files), 'latin1'));
  const { devices, unread, leftOut, truncated } = gathered;
  const manifest: Manifest = {
    format: 'transplant-capture',
    version: layout.MANIFEST_VERSION,
    by: about.by,
    when: `${when.toISOString().slice(0, 19)}Z`,
    release: about.release,
    ...(about.host !== undefined && { host: about.host }),
    redacted: about.redacted,
    files: { count: gathered.files.size, sums: hash('sha256', sums, 'hex') },
    devices,
    unread,
    leftOut,
    truncated,
  };
  // A reader needs the manifest first.
  const first: [string, Uint8Array][] = [
    [layout.MANIFEST_PATH, manifestBytes(manifest)],
    [layout.SUMS_PATH, sums],
  ];
  const inTop = ([path, bytes]: [string, Uint8Array]) => [`${layout.TOP_FOLDER}/${path}`, bytes] as const;
  const folders = gathered.folders.map((path) => `${layout.TOP_FOLDER}/${path}`);
  const files = [...first, ...gathered.files].map(inTop);
  const archive = Buffer.concat(Array.from(writeTar(folders, files, Math.floor(when.getTime() / 1000))));
  return { manifest, bytes: new Uint8Array(gzipSync(archive)) };
}

/** Lines as sha256sum writes them, in order of the paths. */
function sumsOf(files: ReadonlyMap<string, Uint8Array>): string {
  const paths = Array.from(files).sort(([one], [other]) => (one < other ? -1 : 1));
  return paths.map(([path, bytes]) => `${hash('sha256', bytes, 'hex')}  ./${path}\n`).join('');
}
