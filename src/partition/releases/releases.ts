import { compareVersions, parseVersion } from '../../base/index.ts';
import { Alternatives } from '../line-format.ts';
import { type LineName, lines5_10, linesOf } from './lines.ts';
import type { Release } from './release.ts';

const v5_10 = {
  name: '5.10',
  version: '5.10.198',
  policy: 'ignore',
  explanation:
    'suspends from rtas.c, without retries and without cancelling; has the fix of v5.16 since 5.10.145',
  suspend: 'in rtas.c',
  vas: 'absent',
  hvpipe: false,
  watchdogFactor: false,
  rtasTokens: 'live',
  connectorWorkArea: 'rtas_data_buf',
  sleepsExtendedDelay: false,
  needsUpdateNodes: true,
  needsActivateFirmware: true,
  printTakesNodeItself: true,
  releaseWarnsOfChildren: false,
  doubleDetachPutsAgain: true,
  changesetFindsOldAtApply: false,
  platformDevicesUnderRoot: false,
  warningNamesCpuFirst: true,
  dlparDt: false,
  bindReturnsCause: false,
  logsProbeFailureAsError: false,
  sourceLines: {
    alreadyDetached: 262,
    noParent: 266,
    kernfsRemove: 1656,
    cpuOnline: 311,
    algorithmInUse: 487,
  },
  lines: lines5_10,
} as const satisfies Release;

const v6_1 = {
  ...v5_10,
  name: '6.1',
  version: '6.1.192',
  explanation: 'waits for the stream, retries the suspend, waits for the transfer to complete',
  suspend: 'in mobility.c',
  vas: 'silent',
  watchdogFactor: true,
  sleepsExtendedDelay: true,
  needsUpdateNodes: false,
  needsActivateFirmware: false,
  printTakesNodeItself: false,
  bindReturnsCause: true,
  lines: {
    ...v5_10.lines,
    ...linesOf({
      suspendCall: 'mobility: calling ibm,suspend-me on CPU %d',
      activateFailed: 'ibm,activate-firmware failed (%d)',
      updateFailed: 'mobility: device tree update failed: %d',
      propertyFailed: 'mobility: updating %s property failed: %d',
    }),
  },
} as const satisfies Release;

const v6_12 = {
  ...v6_1,
  name: '6.12',
  version: '6.12.117',
  explanation:
    'reads RTAS tokens once at boot, makes platform devices of nodes under the root, has `dt` in /sys/kernel/dlpar',
  vas: 'logged',
  rtasTokens: 'boot',
  connectorWorkArea: 'own',
  releaseWarnsOfChildren: true,
  doubleDetachPutsAgain: false,
  changesetFindsOldAtApply: true,
  platformDevicesUnderRoot: true,
  dlparDt: true,
  logsProbeFailureAsError: true,
  sourceLines: {
    alreadyDetached: 274,
    noParent: 274,
    kernfsRemove: 1684,
    cpuOnline: 312,
    algorithmInUse: 467,
  },
  lines: {
    ...v6_1.lines,
    ...linesOf({
      activateMissing: 'rtas: ibm,activate-firmware method unavailable',
      activateFailed: 'rtas: ibm,activate-firmware failed (%d)',
      badPut: 'OF: ERROR: of_node_release() detected bad of_node_put() on %s',
    }),
  },
} as const satisfies Release;

const v7_2 = {
  ...v6_12,
  name: '7.2',
  version: '7.2.13',
  explanation: 'closes hvpipe before the migration; warnings name the place first',
  hvpipe: true,
  warningNamesCpuFirst: false,
} as const satisfies Release;

/** The releases that the model knows, oldest first. A new release needs only an entry here. */
const all = [v5_10, v6_1, v6_12, v7_2] as const;

/** Name of a modelled release, such as `6.12`. */
export type ReleaseName = (typeof all)[number]['name'];

/** The modelled releases by name. */
export const releases = Object.fromEntries(all.map((release) => [release.name, release])) as Readonly<
  Record<ReleaseName, Release>
>;

/** Oldest first. */
export const releaseNames: readonly ReleaseName[] = all.map(({ name }) => name);

/** The newest modelled release. */
export const newestRelease: ReleaseName = releaseNames.at(-1) as ReleaseName;

/** The newest release that the model knows up to a kernel's, or the oldest for older kernels and unreadable text. */
export function nearestRelease(kernel: string): ReleaseName {
  const version = parseVersion(kernel);
  const isUpTo = (name: string) =>
    compareVersions(parseVersion(name) ?? [0, 0, 0], version ?? [0, 0, 0]) <= 0;
  return releaseNames.findLast(isUpTo) ?? (releaseNames[0] as ReleaseName);
}

/**
 * A pattern for a whole line in the wording of every release. It captures the values that the line prints.
 * @param values patterns for the first values, instead of those that fit every value: `0`, `([1-9]\\d*)`
 */
export function linePattern(name: LineName, ...values: readonly string[]): RegExp {
  const wordings = Array.from(new Set(all.map(({ lines }) => `^${lines[name].pattern(values)}$`)));
  return wordings.length === 1 ? new RegExp(wordings[0] as string) : new Alternatives(wordings.join('|'));
}
