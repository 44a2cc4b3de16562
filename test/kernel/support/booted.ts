import type { Tree } from '../../../src/devicetree/index.ts';
import type { Flow } from '../../../src/kernel/core/flow.ts';
import { type BootOptions, Kernel } from '../../../src/kernel/kernel.ts';
import type { DeviceNode } from '../../../src/kernel/of/device-node.ts';
import type { NodeReferences, Observation } from '../../../src/partition/index.ts';
import { type Script, scripted } from './scripted.ts';

type Options = Partial<Omit<BootOptions, 'tree' | 'firmware'>>;

/** A kernel without a partition, for access to its layers. */
export function boot(tree: Tree, options: Options = {}, script: Script = {}): Kernel {
  return new Kernel({ tree, release: '6.12', firmware: scripted(script), ...options });
}

/** Runs a flow as a thread. @returns the result of the flow, or how the thread ended */
export function finish<T>(k: Kernel, flow: Flow<T>): T | 'killed' | 'hung' {
  const thread = k.scheduler.spawn('test', flow);
  k.scheduler.run();
  return thread.state === 'ended' ? (thread.result as T) : (thread.state as 'killed' | 'hung');
}

/** Texts of the log from line `from` on. */
export function texts(of: { readonly log: Observation['log'] } | Kernel, from = 0): string[] {
  const lines = 'lines' in of.log ? of.log.lines : of.log;
  return lines.slice(from).map((line) => line.text);
}

/** The live node at a path, by full names; the newest first. */
export function at(k: Kernel, path: string): DeviceNode {
  const found = k.of.nodes.findLast((np) => np.path === path);
  if (!found) throw new Error(`no node ${path}`);
  return found;
}

/** A node's holders as text, in order: `initial, sysfs, vio ibm,random-v1`. */
export function holdersOf(
  references: readonly NodeReferences[] | undefined,
  path: string,
  generation = 1,
): string {
  const found = references?.find((node) => node.path === path && node.generation === generation);
  if (!found) throw new Error(`no node ${path}`);
  return found.holders.map(({ who, count }) => (count === 1 ? who : `${who} × ${count}`)).join(', ');
}
