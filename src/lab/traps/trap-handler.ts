import { EnvironmentError } from '../../base/index.ts';
import type { Firmware } from '../../firmware/index.ts';
import type { GuestMemory } from '../../papr/index.ts';
import { Breakpoints } from './breakpoints.ts';
import { startDecrementer } from './decrementer.ts';
import type { GdbClient, Registers, Stop } from './gdb/index.ts';
import { answerHcall, EXTERNAL_INTERRUPT, type TrapAddresses } from './hcall-trap.ts';
import { RtasTrap } from './rtas-trap.ts';

interface Job {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** The machine that a guest runs on, as far as the trap needs it. */
export interface GuestAccess {
  readonly gdb: GdbClient;
  readonly memory: GuestMemory;
}

const SIGTRAP = 5;

/**
 * Runs a guest and answers, in its firmware's stead, the calls that reach one of its doors.
 *
 * The kernel is not changed. RTAS calls ring a bell (`rtas-stub.ts`) and are answered through the guest's memory, while it
 * waits there; at the few places of the kernel that make hypervisor calls about migrations stand breakpoints.
 */
export class TrapHandler {
  /** Rejects when the guest's machine ends or the firmware throws. */
  readonly ended: Promise<void>;
  /** Called when the guest is about to hear that it has suspended; may move it to another machine, see `moveTo`. */
  onSuspended: (() => Promise<void>) | undefined;
  /** Called with every call that was answered. */
  onProgress: () => void = () => {};
  readonly #firmware: Firmware;
  readonly #doors: TrapAddresses;
  readonly #rtas: RtasTrap;
  readonly #breakpoints: Breakpoints;
  readonly #jobs: Job[] = [];
  /** Threads whose decrementers stand still since they came to this machine. */
  #arrived: ReadonlySet<string>;
  #watchHcalls = false;
  #ground: GuestAccess;
  #running = false;
  #over: Error | undefined;

  /**
   * @param ground  of a guest that stands still; it runs from now on
   * @param arrived threads of a guest that was not booted on this machine
   */
  constructor(ground: GuestAccess, doors: TrapAddresses, firmware: Firmware, arrived: readonly string[]) {
    this.#ground = ground;
    this.#doors = doors;
    this.#firmware = firmware;
    this.#rtas = new RtasTrap(doors.rtasEntry, firmware);
    this.#breakpoints = new Breakpoints(ground.gdb);
    this.#arrived = new Set(arrived);
    this.ended = this.#loop();
    this.ended.catch(() => {}); // whoever waits for the guest hears of it
  }

  /** Pauses the guest for a moment. */
  whilePaused<T>(work: (gdb: GdbClient) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pause({ run: () => work(this.#ground.gdb).then(resolve, reject), reject });
    });
  }

  /** The bell at the RTAS entry rang. */
  handleDoorbell(): void {
    if (this.#over) return;
    try {
      const answered = this.#rtas.answer(this.#ground.memory);
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
   * Starts or ends the watching of the hypervisor calls of migrations; of all that are made, where the few that matter are
   * not known. While nobody migrates it would be for nothing: with breakpoints anywhere QEMU looks for them at every jump.
   */
  async watchHcalls(on: boolean): Promise<void> {
    if (on === this.#watchHcalls) return;
    await this.whilePaused(async () => {
      this.#watchHcalls = on;
    });
  }

  /** From now on the guest runs elsewhere; only within `onSuspended`. */
  moveTo(ground: GuestAccess, threads: readonly string[]): void {
    this.#ground = ground;
    this.#breakpoints.moveTo(ground.gdb);
    this.#arrived = new Set(threads);
  }

  close(): void {
    this.#over ??= new EnvironmentError('the guest was closed');
    this.#ground.gdb.close();
  }

  #pause(job: Job): void {
    if (this.#over) job.reject(this.#over);
    else this.#jobs.push(job);
    if (this.#running) this.#ground.gdb.interrupt();
  }

  async #loop(): Promise<void> {
    try {
      for (;;) {
        await this.#breakpoints.setTo(this.#wanted());
        this.#running = true;
        const resumed = this.#ground.gdb.resume();
        if (this.#jobs.length > 0) this.#ground.gdb.interrupt();
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

  #wanted(): bigint[] {
    const { hcalls = [], callSites } = this.#doors;
    const watched = this.#watchHcalls ? (callSites ?? hcalls) : [];
    return this.#arrived.size > 0 ? [...new Set([...watched, ...hcalls, EXTERNAL_INTERRUPT])] : [...watched];
  }

  async #suspend(move: () => Promise<void>): Promise<void> {
    // CPUs wake up in H_JOIN and call again: one that stopped at a breakpoint meanwhile would stop the move.
    await this.#breakpoints.setTo([]);
    await move();
    this.#release();
  }

  #release(): void {
    this.#rtas.release(this.#ground.memory);
    this.onProgress();
  }

  async #answerBreakpoint(stop: Stop): Promise<void> {
    const registers = await this.#ground.gdb.registers();
    const { pc } = registers;
    if (!this.#breakpoints.has(pc)) return;
    if (this.#arrived.has(stop.thread)) await this.#welcome(stop.thread, registers);
    const back = this.#doors.callSites?.includes(pc) ? pc + 4n : registers.lr;
    const isCall = pc !== EXTERNAL_INTERRUPT;
    if (isCall && (await answerHcall(this.#ground.gdb, this.#firmware, registers, back))) this.onProgress();
    else {
      // The instruction under the breakpoint has to be carried out without it.
      await this.#breakpoints.setTo(this.#wanted().filter((address) => address !== pc));
      await this.#ground.gdb.step(stop.thread);
    }
  }

  async #welcome(thread: string, registers: Registers): Promise<void> {
    await this.#breakpoints.setTo(this.#wanted().filter((address) => address !== registers.pc));
    await startDecrementer(this.#ground.gdb, thread, registers);
    this.#arrived = new Set([...this.#arrived].filter((other) => other !== thread));
  }
}
