import type { CoreKernel } from '../core/core-kernel.ts';
import { KERN_ERR, KERN_WARNING } from '../core/log.ts';
import { readCell } from '../of/device-node.ts';
import type { VioDevice } from '../pseries/vio-bus.ts';
import { devPrint } from './dev-print.ts';

/** Limits of one operation, for one key size. */
export interface Capability {
  /** databytelen. */
  readonly bytes: number;
  /** sglen. */
  readonly entries: number;
}

/** By `capabilityKey`. */
export type Capabilities = Map<number, Capability>;

/** One number for function code, mode and slot. A slot is a key size. */
export function capabilityKey(fc: number, mode: number, slot: number): number {
  return (fc * MODES + mode) * SLOTS + slot;
}

const NX_PAGE_SIZE = 4096;
const FC_AES = 0;
const FC_SHA = 2;
const FC_AES_HMAC = 6;
const FUNCTION_CODES = 7;
const MODES = 21;
const SLOTS = 3;

/** Cells of struct max_sync_cop (fc, mode, triplets) and of struct msc_triplet (key bits, bytes, entries). */
const CELLS = 3;

export function isUsable(capability: Capability | undefined): boolean {
  return capability !== undefined && capability.entries > 0 && capability.bytes >= NX_PAGE_SIZE;
}

/** nx_of_update_msc(): reads the complete entries. */
export function readSyncCop(k: CoreKernel, device: VioDevice, value: Uint8Array, into: Capabilities): void {
  const cells = value.length >> 2;
  for (let at = 0; at + CELLS <= cells; ) {
    const fc = readCell(value, at);
    const mode = readCell(value, at + 1);
    const triplets = readCell(value, at + 2);
    at += CELLS;
    for (let i = 0; i < triplets && at + CELLS <= cells; i++, at += CELLS) {
      const capability = { bytes: readCell(value, at + 1), entries: readCell(value, at + 2) };
      readTriplet(k, device, fc, mode, readCell(value, at), capability, into);
    }
  }
}

function readTriplet(
  k: CoreKernel,
  device: VioDevice,
  fc: number,
  mode: number,
  keyBits: number,
  capability: Capability,
  into: Capabilities,
): void {
  if (fc >= FUNCTION_CODES || mode >= MODES) {
    devPrint(k, KERN_ERR, device, `unknown function code/mode combo: ${fc}/${mode} (ignored)`);
    return;
  }
  if (!isUsable(capability)) {
    const { bytes, entries } = capability;
    devPrint(k, KERN_WARNING, device, `bogus sglen/databytelen: ${entries}/${bytes} (ignored)`);
    return;
  }
  const slot = slotOf(fc, keyBits);
  if (slot !== undefined) into.set(capabilityKey(fc, mode, slot), capability);
  else devPrint(k, KERN_WARNING, device, `unknown function code/key bit len combo: (${fc}/${keyBits})`);
}

function slotOf(fc: number, keyBits: number): number | undefined {
  if (keyBits === 128 || keyBits === 160) return 0;
  if (keyBits === 192) return 1;
  if (keyBits === 512) return 2;
  if (keyBits !== 256) return undefined;
  if (fc === FC_AES) return 2;
  return fc === FC_AES_HMAC || fc === FC_SHA ? 1 : undefined;
}
