import type { Hypervisor, Rtas } from '../papr/index.ts';

/** A firmware: answers a partition's RTAS and hypervisor calls. */
export type Firmware = Rtas & Hypervisor;
