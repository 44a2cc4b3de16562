import { asCells, property, type TreeNode } from '../devicetree/index.ts';
import { LineFormat } from './line-format.ts';
import type { LogLine } from './log.ts';
import type { DriverState } from './observation.ts';

/**
 * Facts about a driver of a device under /ibm,platform-facilities, from its source. They are in this room because the rooms
 * above share them: the model implements the driver, the lab and the field tools read its log lines, the verdict compares
 * its values with the tree.
 */
export interface VioDriverFacts {
  /** Name in /sys/bus/vio/drivers and in its log lines. */
  readonly name: string;
  /** What it binds to: a prefix of the device's name, and its `compatible`. */
  readonly id: readonly [type: string, compatible: string];
  /** Modules that a guest loads before it, in order. */
  readonly needs: readonly string[];
  /** Properties of the node that it reads when it is bound. */
  readonly readAtProbe: readonly string[];
  /** Those of them whose new value takes effect while it stays bound. */
  readonly takesUpdatesOf: readonly string[];
  /** Log lines behind `NAME DEVICE: `: a value in force with the value before, and that the device is disabled. */
  readonly lines?: { readonly value: LineFormat; readonly disabled: LineFormat };
  /** Start of log lines that it prints without `NAME DEVICE: `. */
  readonly prefixes: readonly string[];
  /** The values that it takes from its node, by the names of its log lines; undefined where the node is malformed. */
  readonly valuesOf?: (node: TreeNode) => Readonly<Record<string, number>> | undefined;
  /** A file that a client uses it by. `bytes` are so many that the driver splits the request; without, it is read. */
  readonly client: { readonly path: string; readonly bytes?: number };
}

/** The drivers that the model knows, by the names of their modules, in the order in which they are loaded. */
export const vioDrivers = {
  // drivers/char/hw_random/pseries-rng.c
  'pseries-rng': {
    name: 'pseries_rng',
    id: ['ibm,random-v1', 'ibm,random'],
    needs: [],
    readAtProbe: [],
    takesUpdatesOf: [],
    prefixes: [],
    client: { path: '/dev/hwrng' },
  },
  // drivers/crypto/nx/nx-common-pseries.c; nx-842-pseries.c in v5.10. Its notifier compares names in a way that keeps it
  // from ever taking a new value (v5.10 to v7.2).
  'nx-compress-pseries': {
    name: 'nx_compress_pseries',
    id: ['ibm,compression-v1', 'ibm,compression'],
    needs: ['842_compress', '842_decompress', 'nx-compress'],
    readAtProbe: ['status', 'ibm,max-sg-len', 'ibm,max-sync-cop'],
    takesUpdatesOf: [],
    lines: {
      value: new LineFormat('nx842_OF_upd: %s new:%d old:%d'),
      disabled: new LineFormat('nx842_OF_upd: device disabled'),
    },
    prefixes: ['nx842', 'Removing IBM Power 842'],
    valuesOf: compressionLimits,
    client: { path: 'crypto:842-nx', bytes: 256 * 1024 },
  },
  // drivers/crypto/nx/nx.c; built for big-endian kernels only
  'nx-crypto': {
    name: 'nx-crypto',
    id: ['ibm,sym-encryption-v1', 'ibm,sym-encryption'],
    needs: [],
    readAtProbe: ['status', 'ibm,max-sg-len', 'ibm,max-sync-cop'],
    takesUpdatesOf: [],
    prefixes: [],
    client: { path: 'crypto:ecb-aes-nx', bytes: 64 * 1024 },
  },
} as const satisfies Record<string, VioDriverFacts>;

/** Name of a driver's module. */
export type DriverName = keyof typeof vioDrivers;

/** Names of the modelled VIO drivers. */
export const driverNames = Object.keys(vioDrivers) as readonly DriverName[];

/** The driver by its name on the bus or that of its module; the kernel takes hyphens and underscores for the same. */
export function driverFacts(
  name: string | null,
): (VioDriverFacts & { readonly module: DriverName }) | undefined {
  const module = driverNames.find((known) => known === name?.replaceAll('_', '-'));
  return module && { ...vioDrivers[module], module };
}

/** Properties that a driver reads when it is bound, and whose later changes it does not take. */
export function staleProperties({ readAtProbe, takesUpdatesOf }: VioDriverFacts): readonly string[] {
  return readAtProbe.filter((name) => !takesUpdatesOf.includes(name));
}

/**
 * A pattern for a whole line that a driver prints. It captures the device, then the values of the format.
 * @param values as in `linePattern`; the first of them is capture 2
 */
export function driverLinePattern(driver: VioDriverFacts, format: LineFormat, ...values: string[]): RegExp {
  return new RegExp(`^${namePattern(driver)} (\\S+): ${format.pattern(values)}$`);
}

/** The start of every line that a driver prints, except when its module is loaded. */
export function driverPrefixes(): readonly string[] {
  return driverNames.flatMap((module) => {
    const facts: VioDriverFacts = vioDrivers[module];
    return facts.lines ? [...facts.prefixes, `${namePattern(facts)} `] : facts.prefixes;
  });
}

function namePattern({ name }: VioDriverFacts): string {
  return name.replaceAll(/[-_]/g, '[-_]');
}

/**
 * The values that drivers have in force, as far as their log lines show them: a driver with such lines prints them when it
 * is bound and whenever its node changes. A value that it keeps is printed as new and old.
 */
export function loggedDriverStates(log: readonly LogLine[]): readonly DriverState[] {
  const states = new Map<string, { driver: string; device: string; values: Record<string, number> }>();
  for (const { text } of log) {
    for (const { driver, value, disabled } of valueLines) {
      const off = disabled.exec(text)?.[1];
      if (off !== undefined) states.delete(off);
      const [, device, name, now] = value.exec(text) ?? [];
      if (device === undefined || name === undefined) continue;
      const state = states.get(device) ?? { driver, device, values: {} };
      states.set(device, state);
      state.values[name] = Number(now);
    }
  }
  return Array.from(states.values());
}

const valueLines = driverNames.flatMap((driver) => {
  const facts: VioDriverFacts = vioDrivers[driver];
  if (!facts.lines) return [];
  const value = driverLinePattern(facts, facts.lines.value, '(\\w+)', '(\\d+)', '\\d+');
  return [{ driver, value, disabled: driverLinePattern(facts, facts.lines.disabled) }];
});

/**
 * The limits that nx-842 takes from its node (nx-common-pseries.c `nx842_OF_upd_maxsyncop` and `nx842_OF_upd_maxsglen`,
 * v6.1): the smaller of compression and decompression, bounded by what the driver can handle.
 */
function compressionLimits(node: TreeNode): Readonly<Record<string, number>> | undefined {
  const sync = property(node, 'ibm,max-sync-cop');
  const length = property(node, 'ibm,max-sg-len');
  const cells = sync && asCells(sync.value);
  const [, size = 0, entries = 0, , size2 = 0, entries2 = 0] = cells ?? [];
  const [sgLength] = (length && asCells(length.value)) ?? [];
  if (cells?.length !== 6 || sgLength === undefined) return undefined;
  return {
    max_sync_size: Math.min(size, size2, 65536),
    max_sync_sg: Math.min(entries, entries2),
    max_sg_len: Math.min(sgLength, 4096),
  };
}
