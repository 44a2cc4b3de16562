import { RunCache } from '../base/index.ts';
import type { Chooser } from '../choice/index.ts';
import { firstChooser } from '../choice/index.ts';
import type { Tree } from '../devicetree/index.ts';
import type { Hypervisor, Rtas } from '../papr/index.ts';
import {
  type DriverName,
  driverNames,
  type Release,
  type ReleaseName,
  releases,
} from '../partition/index.ts';
import { Clock } from './core/clock.ts';
import { Events } from './core/events.ts';
import type { Flow } from './core/flow.ts';
import { Ledger } from './core/ledger.ts';
import { KERN_WARNING, KernelLog } from './core/log.ts';
import type { RefcountSite } from './core/refcount.ts';
import { Scheduler } from './core/scheduler.ts';
import type { StepWatcher } from './core/watch.ts';
import { CryptoApi } from './drivers/crypto-api.ts';
import type { DriverKernel, Hwrng } from './drivers/driver-kernel.ts';
import { makeDriver } from './drivers/index.ts';
import { unflatten } from './of/boot.ts';
import type { DeviceNode } from './of/device-node.ts';
import { findByName, findByPath } from './of/find.ts';
import { LiveTree } from './of/live-tree.ts';
import { PlatformNotifier } from './of/platform.ts';
import { policies } from './policies/index.ts';
import { cacheinfoRebuild } from './pseries/cacheinfo.ts';
import { Cacheinfo } from './pseries/caches.ts';
import { CpuNotifier, registerCpus } from './pseries/cpus.ts';
import type { KernelConfig, Policy, PolicyName } from './pseries/pseries-kernel.ts';
import { RtasState } from './pseries/rtas-state.ts';
import { vioDeviceInit } from './pseries/vio.ts';
import { loadDriver } from './pseries/vio-bind.ts';
import { VioBus } from './pseries/vio-bus.ts';

const defaultConfig: KernelConfig = { vas: true, copypaste: false, watchdog: true, hvpipe: true };

export interface BootOptions {
  /** The flattened tree at boot. */
  readonly tree: Tree;
  readonly release: ReleaseName;
  /** Treatment of deletes and adds of platform-facilities; absent: that of the release. */
  readonly policy?: PolicyName;
  /** Answers RTAS and hypervisor calls. Its tokens are those in `/rtas` at boot. */
  readonly firmware: Rtas & Hypervisor;
  /** Makes the choices; absent: the default run. */
  readonly chooser?: Chooser;
  /** Observes what each step of each thread reads and writes, which takes time. */
  readonly watcher?: StepWatcher;
  /** Modules that are loaded; absent: all. */
  readonly drivers?: readonly DriverName[];
  /** Number of CPUs that are online; absent: one. */
  readonly cpus?: number;
  /** Whether dynamic debug is on for mobility.c; absent: yes. */
  readonly debug?: boolean;
  /** Whether events and the ledger's history are recorded, which takes time; absent: no. */
  readonly ledger?: boolean;
  readonly config?: Partial<KernelConfig>;
  /** Shared by the kernels of many runs; absent: its own. */
  readonly cache?: RunCache;
}

/** End of boot on the virtual clock. */
const BOOT_MICROS = 10_000_000;

/** A modelled kernel: everything that C keeps in global variables. */
export class Kernel implements DriverKernel {
  readonly release: Release;
  readonly policy: Policy;
  readonly config: KernelConfig;
  readonly firmware: Rtas & Hypervisor;
  readonly chooser: Chooser;
  readonly cpus: number;
  readonly debug: boolean;
  readonly cache: RunCache;

  readonly clock = new Clock();
  readonly events: Events;
  readonly log: KernelLog;
  readonly ledger: Ledger;
  readonly scheduler: Scheduler;
  /** WARN_ONCE sites that have warned. */
  readonly warnedOnce = new Set<RefcountSite>();
  oopses = 0;

  readonly of: LiveTree;
  /** rtas.dev. */
  readonly rtasNode: DeviceNode | null;
  readonly platformDevices = new Map<string, DeviceNode>();
  readonly rtas = new RtasState();
  readonly presentCpus: number[] = [];
  readonly cacheinfo = new Cacheinfo();
  readonly vio = new VioBus();
  readonly crypto = new CryptoApi();
  /** The random number generator in use. */
  hwrng: Hwrng | undefined;

  constructor(options: BootOptions) {
    this.release = releases[options.release];
    this.policy = policies[options.policy ?? this.release.policy];
    this.config = { ...defaultConfig, ...options.config };
    this.firmware = options.firmware;
    this.chooser = options.chooser ?? firstChooser;
    this.cpus = options.cpus ?? 1;
    this.debug = options.debug ?? true;
    this.cache = options.cache ?? new RunCache();
    this.events = new Events(this.clock, options.ledger ?? false);
    this.log = new KernelLog(this.clock, this.events);
    this.ledger = new Ledger(this.clock, this.events);
    this.scheduler = new Scheduler(this.clock, this.log, this.chooser, this.cpus);

    const { nodes, messages } = unflatten(options.tree, this.cache);
    this.of = new LiveTree(nodes);
    for (const message of messages) this.log.print(KERN_WARNING, message);
    this.of.aliases = findByPath(this, '/aliases', 'of_aliases');
    findByPath(this, '/chosen', 'of_chosen');
    this.rtasNode = findByName(this, 'rtas', 'rtas.dev');
    this.#initcalls(options.drivers ?? driverNames);
    this.clock.micros = BOOT_MICROS;
    // Boot is the same in every run, so it is not observed.
    this.scheduler.watcher = options.watcher;
  }

  /** Observes steps; see core/watch.ts. */
  get watcher(): StepWatcher | undefined {
    return this.scheduler.watcher;
  }

  #initcalls(drivers: readonly DriverName[]): void {
    this.of.notifiers.register(new PlatformNotifier(this));
    this.of.notifiers.register(new CpuNotifier(this));
    registerCpus(this);
    cacheinfoRebuild(this);
    vioDeviceInit(this);
    for (const name of drivers) runToEnd(loadDriver(this, makeDriver(name, this)));
    this.policy.install?.(this);
  }
}

/** Runs a flow during boot, when there is no other thread to wait for. */
function runToEnd(flow: Flow<void>): void {
  const { done } = flow.next();
  if (!done) throw new Error('a flow waited during boot');
}
