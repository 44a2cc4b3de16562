import {
  type ConnectorItem,
  encodeConnector,
  encodeUpdateNodes,
  encodeUpdateProperties,
  type GuestMemory,
  type HcallResult,
  type Hypervisor,
  hcalls,
  type NodeOperation,
  type PropertyDescriptor,
  type Rtas,
  type RtasCall,
} from '../../../src/papr/index.ts';

/** The reply to one call. A work area that is shorter than a page leaves the remainder unchanged. */
export interface Answer {
  readonly status: number;
  readonly area?: Uint8Array;
}

/** Replies of a firmware in order. The last reply of a list is repeated. */
export interface Script {
  readonly nodes?: readonly Answer[];
  /** By phandle. */
  readonly properties?: Readonly<Record<number, readonly Answer[]>>;
  /** By drc index. */
  readonly connectors?: Readonly<Record<number, readonly Answer[]>>;
  readonly activate?: readonly number[];
  readonly suspend?: readonly number[];
  /** States of the stream, one per poll; `null` without H_VASI_STATE. */
  readonly vasi?: readonly (number | HcallResult)[] | null;
  /** Functions that firmware does not have. */
  readonly without?: readonly string[];
  /** Other hypervisor calls. */
  readonly hcall?: (opcode: number, args: readonly bigint[]) => HcallResult | undefined;
}

const functions = [
  'ibm,suspend-me',
  'ibm,activate-firmware',
  'ibm,update-nodes',
  'ibm,update-properties',
  'ibm,configure-connector',
];

/** Suspending, then completed when polled after the update. */
const plainVasi = [3, 6];

export interface ScriptedFirmware extends Rtas, Hypervisor {
  /** Names of the functions called, in order. */
  readonly called: string[];
}

export function scripted(script: Script): ScriptedFirmware {
  const names = functions.filter((name) => !script.without?.includes(name));
  const tokens = new Map(names.map((name, index) => [name, 0x2000 + index]));
  const called: string[] = [];
  const positions = new Map<string, number>();
  const next = <T>(key: string, list: readonly T[] | undefined): T | undefined => {
    const at = positions.get(key) ?? 0;
    positions.set(key, at + 1);
    return list?.[Math.min(at, list.length - 1)];
  };

  function answer(name: string, args: readonly number[], memory: GuestMemory): number {
    const [address = 0] = args;
    if (name === 'ibm,suspend-me') return next(name, script.suspend) ?? 0;
    if (name === 'ibm,activate-firmware') return next(name, script.activate) ?? 0;
    const view = new DataView(memory.read(address, 4).slice().buffer);
    const key = view.getUint32(0);
    const found =
      name === 'ibm,update-nodes'
        ? next(name, script.nodes)
        : name === 'ibm,update-properties'
          ? next(`${name} ${key}`, script.properties?.[key])
          : next(`${name} ${key}`, script.connectors?.[key]);
    if (!found) return -3;
    if (found.area) memory.write(address, found.area);
    return found.status;
  }

  return {
    tokens,
    called,
    call({ token, args, nret }: RtasCall, memory: GuestMemory) {
      const name = names.find((candidate) => tokens.get(candidate) === token) ?? '';
      called.push(name);
      return [answer(name, args, memory), ...new Array(nret - 1).fill(0)];
    },
    hcall(opcode, args) {
      if (opcode !== hcalls.H_VASI_STATE) return script.hcall?.(opcode, args);
      if (script.vasi === null) return undefined;
      const state = next('vasi', script.vasi ?? plainVasi) ?? 6;
      return typeof state === 'number' ? { status: 0, values: [BigInt(state)] } : state;
    },
  };
}

export function nodes(operations: readonly NodeOperation[], status = 0): Answer {
  return { status, area: encodeUpdateNodes({ state: status, operations }) };
}

/** Raw words after the 16 bytes of the header. */
export function words(list: readonly number[], status = 0): Answer {
  const area = new Uint8Array(16 + 4 * list.length);
  const view = new DataView(area.buffer);
  for (const [index, word] of list.entries()) view.setUint32(16 + 4 * index, word);
  return { status, area };
}

export function properties(phandle: number, descriptors: readonly PropertyDescriptor[], status = 0): Answer {
  return { status, area: encodeUpdateProperties({ phandle, state: status, descriptors }) };
}

/** The replies of a whole configure-connector sequence. */
export function connector(drcIndex: number, items: readonly ConnectorItem[]): Answer[] {
  return items.map((item) => ({
    status: item.status,
    area: encodeConnector({ drcIndex, progress: 0, item }),
  }));
}
