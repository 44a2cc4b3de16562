import type { Hypervisor, Rtas } from '../papr/index.ts';

/** The far side: what answers a partition's RTAS and hypervisor calls. */
export type Firmware = Rtas & Hypervisor;
