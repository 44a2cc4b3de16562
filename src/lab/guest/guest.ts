import { Agent } from '../agent/index.ts';
import type { QemuProcess } from '../qemu/process.ts';
import { ConsoleStream } from './console-stream.ts';
import { ConsoleText } from './console-text.ts';

/**
 * Console text that is kept for the case that the guest no longer answers: characters of its beginning and of its end, each. A
 * kernel that repeats a line forever would otherwise displace the lines that explain it.
 */
const KEPT_LENGTH = 1 << 18;

/** The kernel's message of a panic. The guest does not continue after it. */
const PANIC = /Kernel panic - not syncing[^\n]*/;

/** A guest and its two consoles. It may move from one QEMU to another. */
export class Guest {
  readonly agent: Agent;
  /** hvc0: the kernel's messages and an interactive shell. */
  readonly console = new ConsoleStream();
  /** Called after output on the console. */
  onConsole: () => void = () => {};
  /** Called when an RTAS call waits in the stub. */
  onDoorbell: () => void = () => {};
  readonly #agentStream = new ConsoleStream();
  #server: QemuProcess;
  readonly #text = new ConsoleText(KEPT_LENGTH);

  constructor(server: QemuProcess) {
    this.#server = server;
    this.#attach();
    this.console.on('data', (bytes: Buffer) => {
      this.#text.add(bytes.toString('latin1'));
      this.onConsole();
    });
    this.agent = new Agent(this.#agentStream);
  }

  /** The QEMU that the guest is on. */
  get server(): QemuProcess {
    return this.#server;
  }

  /** Console output; if it is long, only its beginning and its end. */
  get consoleText(): string {
    return `${this.#text}`;
  }

  /** The kernel's panic message, if there is one. */
  get panic(): string | undefined {
    return PANIC.exec(this.consoleText)?.[0];
  }

  /** Records that the guest has moved to another QEMU, and ends the previous one. */
  async moveTo(server: QemuProcess): Promise<void> {
    const before = this.#server;
    this.#server = server;
    this.#attach();
    await before.kill();
  }

  /** Ends the guest and its QEMU. */
  async close(): Promise<void> {
    this.agent.close();
    await this.#server.kill();
  }

  #attach(): void {
    this.console.attach(this.#server.console);
    this.#agentStream.attach(this.#server.agent);
    this.#server.doorbell.on('data', () => this.onDoorbell());
  }
}
