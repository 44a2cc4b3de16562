import type { Firmware } from '../firmware/index.ts';
import { Breakpoints } from './breakpoints.ts';
import { startDecrementer } from './decrementer.ts';
import { answerHcall, type Doors, externalInterrupt } from './doors.ts';
import type { GdbClient, Registers, Stop } from './gdb/index.ts';
import { RtasDoor } from './rtas-door.ts';
import { LabError } from './setup/index.ts';

interface Job {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

const sigtrap = 5;

/**
 * Runs a guest and answers, in its firmware's stead, the calls that reach one of its doors.
 *
 * The kernel is not changed. RTAS calls ring a bell (`rtas-stub.ts`); at the few places of the kernel that make hypervisor
 * calls about migrations stand breakpoints.
 */
export class Trap {
  /** Rejects when the guest's machine ends or the firmware throws. */
  readonly ended: Promise<void>;
  /** Called when the guest is about to hear that it has suspended; may move it to another machine, see `moveTo`. */
  onSuspended: (() => Promise<void>) | undefined;
  /** Called with every call that was answered. */
  onProgress: () => void = () => {};
  readonly #firmware: Firmware;
  readonly #doors: Doors;
  readonly #rtas: RtasDoor;
  readonly #breakpoints: Breakpoints;
  readonly #jobs: Job[] = [];
  /** Threads whose decrementers stand still since they came to this machine. */
  #arrived: ReadonlySet<string>;
  #watchHcalls = false;
  #gdb: GdbClient;
  #running = false;
  #over: Error | undefined;

  /**
   * @param gdb     of a guest that stands still; it runs from now on
   * @param arrived threads of a guest that was not booted on this machine
   */
  constructor(gdb: GdbClient, doors: Doors, firmware: Firmware, arrived: readonly string[]) {
    this.#gdb = gdb;
    this.#doors = doors;
    this.#firmware = firmware;
    this.#rtas = new RtasDoor(doors.rtasEntry, firmware);
    this.#breakpoints = new Breakpoints(gdb);
    this.#arrived = new Set(arrived);
    this.ended = this.#loop();
    this.ended.catch(() => {}); // whoever waits for the guest hears of it
  }

  /** Pauses the guest for a moment. */
  whilePaused<T>(work: (gdb: GdbClient) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pause({ run: () => work(this.#gdb).then(resolve, reject), reject });
    });
  }

  /** The bell at the RTAS entry rang. */
  ring(): void {
    this.#pause({ run: () => this.#answerRtas(), reject: () => {} });
  }

  /** Starts or ends the watching of all hypervisor calls, for a kernel of which the few that matter are not known. */
  async watchHcalls(on: boolean): Promise<void> {
    if (this.#doors.sites || on === this.#watchHcalls) return;
    await this.whilePaused(async () => {
      this.#watchHcalls = on;
    });
  }

  /** From now on the guest runs elsewhere; only within `onSuspended`. */
  moveTo(gdb: GdbClient, threads: readonly string[]): void {
    this.#gdb = gdb;
    this.#breakpoints.moveTo(gdb);
    this.#arrived = new Set(threads);
  }

  close(): void {
    this.#over ??= new LabError('the guest was closed');
    this.#gdb.close();
  }

  #pause(job: Job): void {
    if (this.#over) job.reject(this.#over);
    else this.#jobs.push(job);
    if (this.#running) this.#gdb.interrupt();
  }

  async #loop(): Promise<void> {
    try {
      for (;;) {
        await this.#breakpoints.become(this.#wanted());
        this.#running = true;
        const resumed = this.#gdb.resume();
        if (this.#jobs.length > 0) this.#gdb.interrupt();
        const stop = await resumed;
        this.#running = false;
        if (stop.signal === sigtrap) await this.#answerBreakpoint(stop);
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
    const { hcalls = [], sites = [] } = this.#doors;
    if (this.#arrived.size > 0) return [...sites, ...hcalls, externalInterrupt];
    return this.#watchHcalls ? [...sites, ...hcalls] : [...sites];
  }

  async #answerRtas(): Promise<void> {
    const answered = await this.#rtas.answer(this.#gdb);
    if (!answered) return;
    if (answered.name === 'ibm,suspend-me' && answered.status === 0 && this.onSuspended) {
      // CPUs wake up in H_JOIN and call again: one that stopped at a breakpoint meanwhile would stop the move.
      await this.#breakpoints.become([]);
      await this.onSuspended();
    }
    await this.#rtas.release(this.#gdb);
    this.onProgress();
  }

  async #answerBreakpoint(stop: Stop): Promise<void> {
    const registers = await this.#gdb.registers();
    const { pc } = registers;
    if (!this.#breakpoints.has(pc)) return;
    if (this.#arrived.has(stop.thread)) await this.#welcome(stop.thread, registers);
    const back = this.#doors.sites?.includes(pc) ? pc + 4n : registers.lr;
    const isCall = pc !== externalInterrupt;
    if (isCall && (await answerHcall(this.#gdb, this.#firmware, registers, back))) this.onProgress();
    else {
      // The instruction under the breakpoint has to be carried out without it.
      await this.#breakpoints.become(this.#wanted().filter((address) => address !== pc));
      await this.#gdb.step(stop.thread);
    }
  }

  async #welcome(thread: string, registers: Registers): Promise<void> {
    await this.#breakpoints.become(this.#wanted().filter((address) => address !== registers.pc));
    await startDecrementer(this.#gdb, thread, registers);
    this.#arrived = new Set([...this.#arrived].filter((other) => other !== thread));
  }
}
