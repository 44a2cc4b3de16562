/**
 * Types that the public types use. A program can name them; it never creates such a value itself.
 */

export type { Clock } from './core/clock.ts';
export type { CoreKernel } from './core/core-kernel.ts';
export type { EventNode, Events } from './core/events.ts';
export type { Flow, Wait, Waitable } from './core/flow.ts';
export type { HolderEntry, HolderId, Ledger, LedgerNode, LedgerRecord } from './core/ledger.ts';
export type { KernelLog } from './core/log.ts';
export type { Mutex } from './core/mutex.ts';
export type { Page } from './core/pages.ts';
export type { RefcountSite } from './core/refcount.ts';
export type { Scheduler } from './core/scheduler.ts';
export type { Thread } from './core/thread.ts';
export type { DeviceNode, LiveProperty } from './of/device-node.ts';
export type { LiveTree } from './of/live-tree.ts';
export type { Notifier, NotifierChain, ReconfigData } from './of/notifier.ts';
export type { OfKernel } from './of/of-kernel.ts';
export type { Cache, Cacheinfo } from './pseries/caches.ts';
export type { PseriesKernel } from './pseries/pseries-kernel.ts';
export type { RtasState, WorkArea } from './pseries/rtas-state.ts';
export type { VioBus, VioDevice, VioDriver } from './pseries/vio-bus.ts';
