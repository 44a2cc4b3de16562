import { KERN_WARNING } from '../core/log.ts';
import { kernelBug } from '../core/warn.ts';
import { type DeviceNode, findProperty, isType, readCell } from '../of/device-node.ts';
import { nextNode } from '../of/find.ts';
import type { Notifier, ReconfigData } from '../of/notifier.ts';
import { ofNodeGet } from '../of/reference.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/**
 * CPUs as the tree has them: each thread of each node of type cpu is a logical CPU, in order. The first of them are
 * online. Physical ids are those of `ibm,ppc-interrupt-server#s`.
 */

/** Counts the threads at boot. The device of each CPU that is online holds its node (drivers/base/cpu.c). */
export function registerCpus(k: PseriesKernel): void {
  for (const node of cpuNodes(k)) {
    for (const id of threadsOf(node)) {
      const cpu = k.presentCpus.push(id) - 1;
      if (cpu < k.cpus) ofNodeGet(k, node, `cpu${cpu}`, ['register_cpu']);
    }
  }
}

/** of_get_cpu_node() without its reference: the node with the thread of this logical CPU. */
export function cpuNodeOf(k: PseriesKernel, cpu: number): DeviceNode | undefined {
  const id = k.presentCpus[cpu];
  if (id === undefined || id < 0) return undefined;
  for (const node of cpuNodes(k)) if (threadsOf(node).includes(id)) return node;
  return undefined;
}

function* cpuNodes(k: PseriesKernel): Generator<DeviceNode, void, undefined> {
  for (let np: DeviceNode | null = k.of.root; np; np = nextNode(np)) if (isType(np, 'cpu')) yield np;
}

function threadsOf(node: DeviceNode): number[] {
  const servers = findProperty(node, 'ibm,ppc-interrupt-server#s') ?? findProperty(node, 'reg');
  if (!servers) return [];
  return Array.from({ length: servers.value.length >> 2 }, (_, index) => readCell(servers.value, index));
}

/** pseries_smp_nb (hotplug-cpu.c): threads are added and removed with their nodes. Removing a CPU that is online is a BUG. */
export class CpuNotifier implements Notifier {
  readonly name = 'pseries_smp_notifier';
  readonly #k: PseriesKernel;

  constructor(k: PseriesKernel) {
    this.#k = k;
  }

  notify(data: ReconfigData): number {
    if (!findProperty(data.node, 'ibm,ppc-interrupt-server#s')) return 0;
    if (data.action === 'attach') addProcessor(this.#k, data.node);
    if (data.action === 'detach') removeProcessor(this.#k, data.node);
    return 0;
  }
}

function addProcessor(k: PseriesKernel, node: DeviceNode): void {
  const physical = k.presentCpus;
  for (const id of threadsOf(node)) {
    const free = physical.indexOf(-1);
    if (free < 0) physical.push(id);
    else physical[free] = id;
  }
}

function removeProcessor(k: PseriesKernel, node: DeviceNode): void {
  const physical = k.presentCpus;
  for (const id of threadsOf(node)) {
    const cpu = physical.indexOf(id);
    if (cpu < 0) {
      k.log.print(KERN_WARNING, `Could not find cpu to remove with physical id 0x${id.toString(16)}`);
      continue;
    }
    if (cpu < k.cpus) {
      const place = `arch/powerpc/platforms/pseries/hotplug-cpu.c:${k.release.sourceLines.cpuOnline}`;
      kernelBug(k, place, ['pseries_smp_notifier', 'blocking_notifier_call_chain', 'of_reconfig_notify']);
    }
    physical[cpu] = -1;
  }
}
