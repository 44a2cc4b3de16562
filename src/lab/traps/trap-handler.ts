import { EnvironmentError } from '../../base/index.ts';
import type { Firmware } from '../../firmware/index.ts';
import type { GuestMemory } from '../../papr/index.ts';
import { Breakpoints } from './breakpoints.ts';
import { startDecrementer } from './decrementer.ts';
import type { GdbClient, Registers, Stop } from './gdb/index.ts';
import { answerHcall, EXTERNAL_INTERRUPT, type TrapAddresses } from './hcall-trap.ts';
import { RtasTrap } from './rtas-trap.ts';

/** Work to be done while the guest is paused. */
interface Job {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** Access to a guest: to its CPUs while it is paused, to its memory at any time. */
export interface GuestAccess {
  readonly gdb: GdbClient;
  readonly memory: GuestMemory;
}

const SIGTRAP = 5;

/**
 * Runs a guest and answers the calls that it makes to its firmware.
 *
 * The kernel does not change. An RTAS call signals the doorbell and waits (`rtas-stub.ts`); it is answered through the guest's
 * memory while the guest runs. Hypervisor calls about migrations are answered at breakpoints where mobility.c makes them.
 */
export class TrapHandler {
  /** Rejects when the guest's machine ends or the firmware throws. */
  readonly ended: Promise<void>;
  /** Called before a successful `ibm,suspend-me` returns. It may move the guest to another machine, see `moveTo`. */
  onSuspended: (() => Promise<void>) | undefined;
  /** Called after every call that was answered. */
  onProgress: () => void = () => {};
  readonly #firmware: Firmware;
  readonly #addresses: TrapAddresses;
  readonly #rtas: RtasTrap;
  readonly #breakpoints: Breakpoints;
  readonly #jobs: Job[] = [];
  /** Threads (virtual CPUs) whose decrementers do not run since the guest's state was restored. */
  #stalled: ReadonlySet<string>;
  #watchHcalls = false;
  #guest: GuestAccess;
  #running = false;
  #over: Error | undefined;

  /**
   * Resumes the guest.
   * @param guest   a paused guest
   * @param stalled threads whose decrementers do not run: all of a guest that was restored, none of one just booted
   */
  constructor(guest: GuestAccess, addresses: TrapAddresses, firmware: Firmware, stalled: readonly string[]) {
    this.#guest = guest;
    this.#addresses = addresses;
    this.#firmware = firmware;
    this.#rtas = new RtasTrap(addresses.rtasEntry, firmware);
    this.#breakpoints = new Breakpoints(guest.gdb);
    this.#stalled = new Set(stalled);
    this.ended = this.#loop();
    this.ended.catch(() => {}); // every later call reports the error
  }

  /** Runs `work` while the guest is paused. @throws the error of `ended` when the guest has ended */
  whilePaused<T>(work: (gdb: GdbClient) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pause({ run: () => work(this.#guest.gdb).then(resolve, reject), reject });
    });
  }

  /** Answers the RTAS call that waits in the stub, if there is one. */
  handleDoorbell(): void {
    if (this.#over) return;
    try {
      const answered = this.#rtas.answer(this.#guest.memory);
      if (!answered) return;
      const move = this.onSuspended;
      if (move && answered.name === 'ibm,suspend-me' && answered.status === 0) {
        this.#pause({ run: () => this.#suspend(move), reject: () => {} });
      } else this.#release();
    } catch (error) {
      this.#pause({ run: () => Promise.reject(error), reject: () => {} });
    }
  }

  /**
   * Starts or ends trapping hypervisor calls of migrations. If their call sites are not known, all hypervisor calls are trapped.
   * Trap them only during a migration: with any breakpoint set, QEMU checks for breakpoints at every jump.
   */
  async watchHcalls(on: boolean): Promise<void> {
    if (on === this.#watchHcalls) return;
    await this.whilePaused(async () => {
      this.#watchHcalls = on;
    });
  }

  /**
   * Continues with the guest on another machine. Permitted within `onSuspended` only.
   * @param threads all threads of the guest
   */
  moveTo(guest: GuestAccess, threads: readonly string[]): void {
    this.#guest = guest;
    this.#breakpoints.moveTo(guest.gdb);
    this.#stalled = new Set(threads);
  }

  /** Ends the connection to the guest; `ended` resolves. */
  close(): void {
    this.#over ??= new EnvironmentError('the guest was closed');
    this.#guest.gdb.close();
  }

  #pause(job: Job): void {
    if (this.#over) job.reject(this.#over);
    else this.#jobs.push(job);
    if (this.#running) this.#guest.gdb.interrupt();
  }

  async #loop(): Promise<void> {
    try {
      for (;;) {
        await this.#breakpoints.setTo(this.#wanted());
        this.#running = true;
        const resumed = this.#guest.gdb.resume();
        if (this.#jobs.length > 0) this.#guest.gdb.interrupt();
        const stop = await resumed;
        this.#running = false;
        if (stop.signal === SIGTRAP) await this.#answerBreakpoint(stop);
        else for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) await job.run();
      }
    } catch (error) {
      const closed = this.#over !== undefined;
      this.#over ??= error as Error;
      for (const job of this.#jobs.splice(0)) job.reject(this.#over);
      if (!closed) throw error;
    }
  }

  /** Addresses of the breakpoints that are needed now. */
  #wanted(): bigint[] {
    const { hcalls = [], callSites } = this.#addresses;
    const watched = this.#watchHcalls ? (callSites ?? hcalls) : [];
    return this.#stalled.size > 0 ? [...new Set([...watched, ...hcalls, EXTERNAL_INTERRUPT])] : [...watched];
  }

  async #suspend(move: () => Promise<void>): Promise<void> {
    // CPUs in H_JOIN wake up and call again: a CPU that stops at a breakpoint would stop the move.
    await this.#breakpoints.setTo([]);
    await move();
    this.#release();
  }

  #release(): void {
    this.#rtas.release(this.#guest.memory);
    this.onProgress();
  }

  async #answerBreakpoint(stop: Stop): Promise<void> {
    const registers = await this.#guest.gdb.registers();
    const { pc } = registers;
    if (!this.#breakpoints.has(pc)) return;
    if (this.#stalled.has(stop.thread)) await this.#restartDecrementer(stop.thread, registers);
    const back = this.#addresses.callSites?.includes(pc) ? pc + 4n : registers.lr;
    const isCall = pc !== EXTERNAL_INTERRUPT;
    if (isCall && (await answerHcall(this.#guest.gdb, this.#firmware, registers, back))) this.onProgress();
    else {
      // Execute the instruction under the breakpoint without the breakpoint.
      await this.#breakpoints.setTo(this.#wanted().filter((address) => address !== pc));
      await this.#guest.gdb.step(stop.thread);
    }
  }

  async #restartDecrementer(thread: string, registers: Registers): Promise<void> {
    await this.#breakpoints.setTo(this.#wanted().filter((address) => address !== registers.pc));
    await startDecrementer(this.#guest.gdb, thread, registers);
    this.#stalled = new Set([...this.#stalled].filter((other) => other !== thread));
  }
}
