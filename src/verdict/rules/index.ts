import type { Rule } from '../rule.ts';
import { badPut } from './bad-put.ts';
import { brokenReference } from './broken-reference.ts';
import { childlessFacilities } from './childless-facilities.ts';
import { clientFailed } from './client-failed.ts';
import { connectorFailed } from './connector-failed.ts';
import { danglingLink } from './dangling-link.ts';
import { desynchronisedList } from './desynchronised-list.ts';
import { deviceDisabled } from './device-disabled.ts';
import { deviceWithoutNode } from './device-without-node.ts';
import { driverKeptOldValue } from './driver-kept-old-value.ts';
import { driverUnbound } from './driver-unbound.ts';
import { duplicateName } from './duplicate-name.ts';
import { duplicatePhandle } from './duplicate-phandle.ts';
import { failedLookup } from './failed-lookup.ts';
import { ignoredUpdate } from './ignored-update.ts';
import { keptNode } from './kept-node.ts';
import { kernelOops } from './kernel-oops.ts';
import { leakedReference } from './leaked-reference.ts';
import {
  acceleratorCredits,
  acceleratorFailed,
  adapterTrouble,
  cacheMismatch,
  changesetFailed,
  dlparFailed,
  firmwareNotActivated,
  freedWithChildren,
  kernelStalled,
  kernelWarning,
  missingEntry,
  processCrashed,
  refusedRequest,
  updateNotBegun,
  useAfterFreeElsewhere,
} from './line-rules.ts';
import { lostNode } from './lost-node.ts';
import { migrationFailed } from './migration-failed.ts';
import { nodeWithoutDevice } from './node-without-device.ts';
import { orphanCache } from './orphan-cache.ts';
import { probeOnlyProperty } from './probe-only-property.ts';
import { propertyNotUpdated } from './property-not-updated.ts';
import { renamedNode } from './renamed-node.ts';
import { staleProperty } from './stale-property.ts';
import { suspendFailed } from './suspend-failed.ts';
import { updateAborted } from './update-aborted.ts';
import { useAfterFree } from './use-after-free.ts';

/** Every rule, worst first; findings come in this order. */
export const rules: readonly Rule[] = [
  kernelOops,
  useAfterFree,
  useAfterFreeElsewhere,
  badPut,
  freedWithChildren,
  cacheMismatch,
  processCrashed,
  migrationFailed,
  updateAborted,
  changesetFailed,
  desynchronisedList,
  lostNode,
  childlessFacilities,
  danglingLink,
  deviceWithoutNode,
  renamedNode,
  duplicatePhandle,
  driverUnbound,
  clientFailed,
  leakedReference,
  driverKeptOldValue,
  probeOnlyProperty,
  keptNode,
  staleProperty,
  propertyNotUpdated,
  ignoredUpdate,
  updateNotBegun,
  acceleratorCredits,
  suspendFailed,
  connectorFailed,
  dlparFailed,
  adapterTrouble,
  acceleratorFailed,
  firmwareNotActivated,
  kernelStalled,
  kernelWarning,
  missingEntry,
  refusedRequest,
  duplicateName,
  failedLookup,
  brokenReference,
  orphanCache,
  nodeWithoutDevice,
  deviceDisabled,
];
