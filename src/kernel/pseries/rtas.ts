import {
  createMemory,
  enterRtas,
  extendedDelayMs,
  type GuestMemory,
  hcallStatus,
  type MemoryRegion,
  rtasStatus,
} from '../../papr/index.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR } from '../core/log.ts';
import { givePage, type Page, takePage } from '../core/pages.ts';
import { ThreadEnds } from '../core/thread.ts';
import { shared } from '../core/watch.ts';
import type { Kernel } from '../kernel.ts';
import { type DeviceNode, findProperty, readCell } from '../of/device-node.ts';

/**
 * Calls into firmware (arch/powerpc/kernel/rtas.c): argument block and buffers are bytes in guest memory, and firmware
 * gets their physical addresses.
 */
export const RTAS_UNKNOWN_SERVICE = -1;

/** Where things lie in the modelled partition's memory, as low as RTAS needs them. */
const ARGUMENTS = 0x265_0000;
const DATA_BUF = 0x26d_0000;
const WORK_AREAS = 0x1fff_0000;

const HEADER_WORDS = 3;

/** A work area from rtas_work_area_alloc(). */
export interface WorkArea {
  readonly address: number;
  readonly page: Page;
}

export class RtasState {
  readonly memory: GuestMemory;
  readonly #regions: MemoryRegion[];
  readonly #args: Page = takePage();
  readonly #dataBuf: Page = takePage();
  readonly #areas: WorkArea[] = [];
  readonly #freeAreas: WorkArea[] = [];

  constructor() {
    this.#regions = [
      { address: ARGUMENTS, bytes: this.#args.bytes },
      { address: DATA_BUF, bytes: this.#dataBuf.bytes },
    ];
    this.memory = createMemory(this.#regions);
  }

  /** Writes an argument block with its results zeroed, calls, and reads the first result. */
  enter(k: Kernel, token: number, args: readonly number[], nret: number): number {
    const { view } = this.#args;
    view.setUint32(0, token);
    view.setUint32(4, args.length);
    view.setUint32(8, nret);
    let at = 4 * HEADER_WORDS;
    for (const word of args) {
      view.setUint32(at, word);
      at += 4;
    }
    for (let i = 0; i < nret; i++) view.setUint32(at + 4 * i, 0);
    enterRtas(k.firmware, this.memory, ARGUMENTS);
    return view.getInt32(at);
  }

  /** rtas_data_buf: one page for everybody, so what is in it does not outlast the call. */
  get dataBuf(): WorkArea {
    return { address: DATA_BUF, page: this.#dataBuf };
  }

  /** rtas_work_area_alloc(). */
  takeWorkArea(): WorkArea {
    const reused = this.#freeAreas.pop();
    if (reused) {
      reused.page.bytes.fill(0);
      return reused;
    }
    const area = { address: WORK_AREAS + 4096 * this.#areas.length, page: takePage() };
    this.#areas.push(area);
    this.#regions.push({ address: area.address, bytes: area.page.bytes });
    return area;
  }

  /** rtas_work_area_free(). */
  giveWorkArea(area: WorkArea): void {
    this.#freeAreas.push(area);
  }

  /** Gives the pages to the next partition. */
  close(): void {
    for (const { page } of this.#areas) givePage(page);
    givePage(this.#args);
    givePage(this.#dataBuf);
  }
}

/**
 * The token of a function, or `RTAS_UNKNOWN_SERVICE`. What firmware calls its tokens is what `/rtas` says at boot. Up to
 * v6.1 each lookup reads the live tree, so an update of `/rtas` takes effect at once; since v6.12 it never does.
 */
export function rtasToken(k: Kernel, name: string): number {
  const atBoot = k.firmware.tokens.get(name) ?? RTAS_UNKNOWN_SERVICE;
  if (k.release.rtasTokens === 'boot' || !k.rtasNode) return atBoot;
  const now = findProperty(k.rtasNode, name);
  if (now) return now.boot ? atBoot : readCell(now.value);
  return wasRemoved(k.rtasNode, name) ? RTAS_UNKNOWN_SERVICE : atBoot;
}

function wasRemoved(np: DeviceNode, name: string): boolean {
  for (let dead = np.deadprops; dead; dead = dead.next) if (dead.name === name) return true;
  return false;
}

/** rtas_call(): the status. A hardware error makes the kernel ask for the last error first. */
export function rtasCall(k: Kernel, token: number, args: readonly number[]): number {
  if (token === RTAS_UNKNOWN_SERVICE) return RTAS_UNKNOWN_SERVICE;
  spend(k, 4);
  k.watcher?.write(shared.rtas);
  k.clock.micros += 5;
  const status = k.rtas.enter(k, token, args, 1);
  if (k.events.kept)
    k.events.note('firmware', 'rtas', `${functionName(k, token)} returns ${status}`, { args });
  if (status === rtasStatus.hardwareError) fetchLastError(k);
  return status;
}

/** mobility_rtas_call(): the whole page goes to rtas_data_buf and back, whatever the status; nothing is repeated. */
export function mobilityRtasCall(k: Kernel, token: number, page: Page, scope: number): number {
  const { address, page: buf } = k.rtas.dataBuf;
  buf.bytes.set(page.bytes);
  const status = rtasCall(k, token, [address, scope]);
  page.bytes.set(buf.bytes);
  return status;
}

function fetchLastError(k: Kernel): void {
  const token = rtasToken(k, 'rtas-last-error');
  if (token === RTAS_UNKNOWN_SERVICE) return;
  const area = k.rtas.takeWorkArea();
  k.rtas.enter(k, token, [area.address, 1024], 1);
  k.rtas.giveWorkArea(area);
}

function functionName(k: Kernel, token: number): string {
  for (const [name, known] of k.firmware.tokens) if (known === token) return name;
  return `token 0x${token.toString(16)}`;
}

/** Whether a call must be made again, after `rtasBusyDelay`. */
export function isBusy(status: number): boolean {
  return status === rtasStatus.busy || extendedDelayMs(status) !== undefined;
}

/** rtas_busy_delay() for a status that asks for it; others come for nearly every call and need no flow. */
export function* rtasBusyDelay(k: Kernel, status: number): Flow<void> {
  const delay = extendedDelayMs(status);
  k.clock.micros += 10;
  if (k.release.sleepsExtendedDelay) {
    if (delay !== undefined) yield Math.min(delay, 1000);
    else if (k.scheduler.contended) yield 'rtas_busy_delay';
  } else if (k.scheduler.contended) yield delay ?? 1;
}

/** A hypervisor call; one that nobody answers is H_FUNCTION. */
export function hcall(k: Kernel, opcode: number, args: readonly bigint[]): { status: number; value: bigint } {
  const result = k.firmware.hcall(opcode, args);
  if (!result) return { status: hcallStatus.H_FUNCTION, value: 0n };
  return { status: result.status, value: result.values[0] ?? 0n };
}

/** What a thread may spend before the model gives it up: firmware that never comes to an end must not keep the run. */
const BUDGET = 400_000;

/**
 * Counts what a thread does at firmware's word. The kernel itself has no bound: such a thread runs for ever, which the
 * model tells in the words of the hung-task detector.
 */
export function spend(k: Kernel, cost: number): void {
  const thread = k.scheduler.current;
  thread.spent += cost;
  if (thread.spent <= BUDGET) return;
  k.log.print(KERN_ERR, `INFO: task ${thread.comm}:${thread.pid} blocked for more than 120 seconds.`);
  throw new ThreadEnds('hung');
}
