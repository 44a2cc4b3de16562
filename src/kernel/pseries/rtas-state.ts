import { createMemory, enterRtas, type GuestMemory, type MemoryRegion, type Rtas } from '../../papr/index.ts';
import { givePage, type Page, takePage } from '../core/pages.ts';

/** Addresses in the modelled partition's memory, low enough for RTAS. */
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
  /** Number of RTAS calls since boot. */
  calls = 0;
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
  enter(firmware: Rtas, token: number, args: readonly number[], nret: number): number {
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
    this.calls += 1;
    enterRtas(firmware, this.memory, ARGUMENTS);
    return view.getInt32(at);
  }

  /** rtas_data_buf: one page shared by all callers, valid only during a call. */
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

  /** Frees the pages for the next partition. */
  close(): void {
    for (const { page } of this.#areas) givePage(page);
    givePage(this.#args);
    givePage(this.#dataBuf);
  }
}
