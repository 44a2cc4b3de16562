import type { Chooser } from '../../choice/index.ts';
import type { Hypervisor, Rtas } from '../../papr/index.ts';
import type { Flow } from '../core/flow.ts';
import type { DeviceNode } from '../of/device-node.ts';
import type { OfKernel } from '../of/of-kernel.ts';
import type { Cacheinfo } from './caches.ts';
import type { RtasState } from './rtas-state.ts';
import type { VioBus } from './vio-bus.ts';

/** How the modelled kernel was configured, as far as its log shows it. */
export interface KernelConfig {
  /** CONFIG_PPC_VAS. */
  readonly vas: boolean;
  /** Whether the partition may use compression through VAS windows. */
  readonly copypaste: boolean;
  /** CONFIG_PPC_WATCHDOG. */
  readonly watchdog: boolean;
  /** Whether hvpipe is built in. Only releases with `Release.hvpipe` have it. */
  readonly hvpipe: boolean;
}

/** What the platform code (arch/powerpc/platforms/pseries) uses of a kernel. */
export interface PseriesKernel extends OfKernel {
  readonly config: KernelConfig;
  readonly policy: Policy;
  readonly firmware: Rtas & Hypervisor;
  readonly chooser: Chooser;
  /** Number of CPUs that are online. */
  readonly cpus: number;
  /** Whether dynamic debug is on for mobility.c. */
  readonly debug: boolean;
  /** rtas.dev. */
  readonly rtasNode: DeviceNode | null;
  readonly rtas: RtasState;
  /** Physical id of each CPU by logical number; -1 where the thread was removed. */
  readonly presentCpus: number[];
  readonly cacheinfo: Cacheinfo;
  readonly vio: VioBus;
}

export type PolicyName = 'detach' | 'ignore' | 'notify' | 'rebind' | 'attach-subtree' | 'reconcile-in-kernel';

/**
 * How the kernel treats nodes that firmware deletes and adds. A policy replaces those parts of mobility.c and of the VIO
 * bus in which the proposals differ. `policies/` implements it.
 */
export interface Policy {
  readonly name: PolicyName;
  /** Kernel releases that implement it, or who proposed it. */
  readonly since: string;
  /** One line for help texts. */
  readonly explanation: string;
  /** Called at the end of boot, to register notifiers. */
  install?(k: PseriesKernel): void;
  /** delete_dt_node(). The caller holds a reference to `node`. */
  deleteNode(k: PseriesKernel, node: DeviceNode): Flow<void>;
  /**
   * add_dt_node(). The caller holds a reference to `parent`.
   * @param drcIndex as the work area has it: the big-endian word read as a number
   */
  addNode(k: PseriesKernel, parent: DeviceNode, drcIndex: number): Flow<void>;
  /**
   * Replaces the whole of pseries_devicetree_update(). Without it each message is carried out as it is read.
   * @returns what pseries_devicetree_update() returns
   */
  update?(k: PseriesKernel, scope: number): Flow<number>;
}
