import { Agent } from '../agent/index.ts';
import type { QemuProcess } from '../qemu/process.ts';
import { ConsoleStream } from './console-stream.ts';
import { ConsoleText } from './console-text.ts';

/**
 * Console text that is kept for when the guest can no longer be asked, characters: so much of its beginning and of its end,
 * since a kernel that repeats a line for ever would push out how it came to it.
 */
const KEPT_LENGTH = 1 << 18;

/** Last words of a kernel; after them nothing more is to be expected. */
const PANIC = /Kernel panic - not syncing[^\n]*/;

/** A guest and its two consoles, on whichever QEMU it is at the moment. */
export class Guest {
  readonly agent: Agent;
  /** hvc0: the kernel's messages, and a shell for people. */
  readonly console = new ConsoleStream();
  /** Called when something comes on its console. */
  onConsole: () => void = () => {};
  /** Called when a call waits at the RTAS entry. */
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

  get server(): QemuProcess {
    return this.#server;
  }

  /** What the console showed; of much, its beginning and its end. */
  get consoleText(): string {
    return `${this.#text}`;
  }

  /** The panic that ended the guest. */
  get panic(): string | undefined {
    return PANIC.exec(this.consoleText)?.[0];
  }

  /** The guest has come to another QEMU; the one before ends. */
  async moveTo(server: QemuProcess): Promise<void> {
    const before = this.#server;
    this.#server = server;
    this.#attach();
    await before.kill();
  }

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
