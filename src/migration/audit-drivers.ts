import { firstChooser } from '../choice/index.ts';
import {
  cells,
  findByPath,
  type Property,
  property,
  sameBytes,
  string,
  type Tree,
  type TreeNode,
} from '../devicetree/index.ts';
import { createFirmware, type Firmware } from '../firmware/index.ts';
import { hcalls } from '../papr/index.ts';
import type { Client, Partition } from '../partition/index.ts';
import { type Boot, bootModel } from './migrate.ts';
import type { Scenario } from './scenario.ts';
import { clientsOf } from './workload.ts';

/** How a driver reacts to one property of its node, measured by experiment. */
export interface PropertyAudit {
  readonly device: string;
  /** Name of the bound driver; `null` where the device has none. */
  readonly driver: string | null;
  readonly property: string;
  /** Whether a driver works differently when it binds with another value of the property. */
  readonly atProbe: boolean;
  /**
   * The effect of an update of the property on a bound driver. `takes effect`: it then works like one that was bound with the new
   * value; `kept old`: it works as before; `no matter`: the value has no effect at all; `something else`: none of these.
   */
  readonly onUpdate: 'takes effect' | 'kept old' | 'no matter' | 'something else';
  /** Requests to this driver in flight during the update that failed, of all that were made. */
  readonly failed: number;
  readonly requests: number;
  /** Log lines about the device during the update. */
  readonly log: readonly string[];
}

const PARENT = '/ibm,platform-facilities';

/** Properties that the kernel creates, or that identify a node. */
const untouched = new Set(['name', 'phandle', 'linux,phandle', 'ibm,phandle', 'device_type', 'compatible']);

/**
 * Changes one property after the other, of each VIO device's node: once before a driver is bound, once by an update of a
 * migration under load, and compares how the driver works: what it has in force, and what it asks of the hypervisor for
 * one request (model only).
 */
export async function auditDrivers(
  scenario: Scenario,
  boot: Boot = bootModel,
  onProperty: (device: string, property: string) => void = () => {},
): Promise<readonly PropertyAudit[]> {
  const plain: Scenario = {
    ...scenario,
    firmware: 'properties',
    after: scenario.before,
    policy: 'ignore',
    seed: 1,
  };
  const usual = await atRest(plain, boot);
  const audits: PropertyAudit[] = [];
  for (const { device, driver } of usual.devices) {
    const node = findByPath(scenario.before, `${PARENT}/${device}`);
    for (const { name } of node?.properties ?? []) {
      if (untouched.has(name)) continue;
      onProperty(device, name);
      const after = withOther(scenario.before, device, name);
      if (!after) continue;
      const other = await atRest({ ...plain, before: after, after }, boot);
      const updated = await underUpdate({ ...plain, after }, boot, usual.lines, driver);
      const [was, wouldBe, is] = [usual, other, updated].map((look) => look.workings.get(device));
      const atProbe = was !== wouldBe;
      const onUpdate =
        is === was
          ? atProbe
            ? 'kept old'
            : 'no matter'
          : is === wouldBe
            ? 'takes effect'
            : 'something else';
      const { failed, requests } = updated;
      const log = updated.log.filter((line) => line.includes(device));
      audits.push({ device, driver, property: name, atProbe, onUpdate, failed, requests, log });
    }
  }
  return audits;
}

/** How the driver of each device works: strings that are equal when it works the same. */
interface DriverBehaviour {
  readonly devices: readonly { readonly device: string; readonly driver: string | null }[];
  readonly workings: ReadonlyMap<string, string>;
  /** Lines of the log so far. */
  readonly lines: number;
}

async function atRest(scenario: Scenario, boot: Boot): Promise<DriverBehaviour> {
  return withPartition(scenario, boot, (partition, listen) => look(partition, listen));
}

async function underUpdate(scenario: Scenario, boot: Boot, linesBefore: number, driver: string | null) {
  return withPartition(scenario, boot, async (partition, listen) => {
    const before = await partition.observe();
    const clients = clientsOf([{ when: 'during', path: 'drivers', times: 20 }], before);
    const outcome = await partition.migrate(1n, clients);
    const own = outcome.clients.find((client) => client.name === `client of ${driver}`);
    const failed = Object.values(own?.failed ?? {}).reduce((sum, count) => sum + count, 0);
    const requests = failed + (own?.succeeded ?? 0);
    const log = (await partition.observe()).log.slice(linesBefore).map((line) => line.text);
    return { ...(await look(partition, listen)), failed, requests, log };
  });
}

/** Collects the hypervisor calls that are made while `act` runs. */
type Listen = (act: () => Promise<void>) => Promise<readonly string[]>;

async function withPartition<T>(
  scenario: Scenario,
  boot: Boot,
  use: (partition: Partition, listen: Listen) => Promise<T>,
): Promise<T> {
  const served = createFirmware({ trees: [scenario.before, scenario.after], style: 'properties' });
  let recorded: string[] | undefined;
  const firmware: Firmware = {
    tokens: served.tokens,
    call: (call, memory) => served.call(call, memory),
    hcall(opcode, args) {
      recorded?.push(`${opcode.toString(16)}(${args.join(', ')})`);
      // While calls are recorded, every H_COP call succeeds: after a failure the driver would not make its further calls.
      return recorded && opcode === hcalls.H_COP ? { status: 0, values: [] } : served.hcall(opcode, args);
    },
  };
  const partition = await boot(scenario, firmware, firstChooser);
  try {
    return await use(partition, async (act) => {
      const collected: string[] = [];
      recorded = collected;
      await act();
      recorded = undefined;
      return collected;
    });
  } finally {
    await partition.close();
  }
}

async function look(partition: Partition, listen: Listen): Promise<DriverBehaviour> {
  const observation = await partition.observe();
  const clients = clientsOf([{ when: 'during', path: 'drivers', times: 1 }], observation);
  const workings = new Map<string, string>();
  for (const { name, driver } of observation.devices) {
    const state = observation.drivers.find((each) => each.device === name)?.values ?? {};
    const client = clients.find((each) => each.name === `client of ${driver}`);
    // Hypervisor calls of a real kernel go to QEMU; those that arrive here are not complete.
    const isHeard = observation.platform.kind === 'model';
    const calls = client && isHeard ? await listen(() => request(partition, client)) : [];
    workings.set(name, JSON.stringify([driver, state, calls]));
  }
  const devices = observation.devices.map(({ name, driver }) => ({ device: name, driver }));
  return { devices, workings, lines: observation.log.length };
}

async function request(partition: Partition, { path, write }: Client): Promise<void> {
  await (write ? partition.writeFile(path, write) : partition.readFiles([path]));
}

/** The tree with another value of one property; undefined when no other value can be made. */
function withOther({ root, ...rest }: Tree, device: string, name: string): Tree | undefined {
  const edit = (node: TreeNode): TreeNode => ({
    ...node,
    properties: node.properties.map((each) => (each.name === name ? other(each) : each)),
  });
  const inside = (node: TreeNode, named: string, change: (child: TreeNode) => TreeNode): TreeNode => ({
    ...node,
    children: node.children.map((child) => (child.name === named ? change(child) : child)),
  });
  const changed = inside(root, PARENT.slice(1), (facilities) => inside(facilities, device, edit));
  const tree = { ...rest, root: changed };
  const [before, after] = [{ ...rest, root }, tree].map((each) => findByPath(each, `${PARENT}/${device}`));
  const [old, now] = [before && property(before, name), after && property(after, name)];
  return old && now && !sameBytes(old.value, now.value) ? tree : undefined;
}

/** Another valid value: half of each limit, another number, a status that is not okay. */
function other({ name, value }: Property): Property {
  if (name === 'status') return string(name, 'disabled');
  if (value.length % 4 !== 0 || value.length === 0) return { name, value };
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const words = Array.from({ length: value.length / 4 }, (_, at) => view.getUint32(at * 4));
  // Counts, modes and function codes of ibm,max-sync-cop are small, limits are not (LoPAR, /ibm,platform-facilities).
  const halve = name === 'ibm,max-sync-cop' || name === 'ibm,max-sg-len';
  return cells(name, ...words.map((word) => (halve ? (word >= 500 ? word >>> 1 : word) : word + 1)));
}
