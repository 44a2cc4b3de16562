import type { Release, ReleaseName } from './release.ts';

export type { Release, ReleaseName } from './release.ts';

const v5_10: Release = {
  name: '5.10',
  version: '5.10.198',
  policy: 'ignore',
  explanation:
    'suspends from rtas.c, without retries and without cancelling; the fix of v5.16 came with 5.10.145',
  suspend: 'in rtas.c',
  vas: 'absent',
  hvpipe: false,
  watchdogFactor: false,
  rtasPrefix: '',
  rtasTokens: 'live',
  connectorWorkArea: 'rtas_data_buf',
  sleepsExtendedDelay: false,
  needsUpdateNodes: true,
  needsActivateFirmware: true,
  tellsWhyPropertyFailed: false,
  updateFailed: 'Post-mobility device tree update failed: ',
  printTakesNodeItself: true,
  releaseTellsChildren: false,
  doubleDetachPutsAgain: true,
  changesetFindsOldAtApply: false,
  platformDevicesUnderRoot: false,
  warningNamesCpuFirst: true,
  dlparDt: false,
  bindTellsWhy: false,
  probeFailureNamesDevice: false,
  lines: { alreadyDetached: 262, noParent: 266, kernfsRemove: 1656, cpuOnline: 311, algorithmInUse: 487 },
};

const v6_1: Release = {
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
  tellsWhyPropertyFailed: true,
  updateFailed: 'mobility: device tree update failed: ',
  printTakesNodeItself: false,
  bindTellsWhy: true,
};

const v6_12: Release = {
  ...v6_1,
  name: '6.12',
  version: '6.12.117',
  explanation:
    'reads RTAS tokens once at boot, makes platform devices of nodes under the root, has `dt` in /sys/kernel/dlpar',
  vas: 'told',
  rtasPrefix: 'rtas: ',
  rtasTokens: 'boot',
  connectorWorkArea: 'own',
  releaseTellsChildren: true,
  doubleDetachPutsAgain: false,
  changesetFindsOldAtApply: true,
  platformDevicesUnderRoot: true,
  dlparDt: true,
  probeFailureNamesDevice: true,
  lines: { alreadyDetached: 274, noParent: 274, kernfsRemove: 1684, cpuOnline: 312, algorithmInUse: 467 },
};

const v7_2: Release = {
  ...v6_12,
  name: '7.2',
  version: '7.2.13',
  explanation: 'tells hvpipe of the migration, too; warnings name the place first',
  hvpipe: true,
  warningNamesCpuFirst: false,
};

/** The releases that the model knows, oldest first. */
export const releases: Readonly<Record<ReleaseName, Release>> = {
  '5.10': v5_10,
  '6.1': v6_1,
  '6.12': v6_12,
  '7.2': v7_2,
};

export const releaseNames = Object.keys(releases) as readonly ReleaseName[];
