import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { EnvironmentError } from '../../base/index.ts';
import { newRunFolder, type Qemu } from '../setup/index.ts';
import { GdbClient } from '../traps/gdb/index.ts';
import { bootArguments, type Machine, machineArguments } from './machine.ts';
import { ProcessMemory } from './process-memory.ts';
import { Qmp } from './qmp.ts';

/**
 * A shell script that runs QEMU and cleans up after it. Its standard input is a pipe that only this process can write to. When
 * this process ends, even by SIGKILL, the kernel closes the pipe; the supervisor then kills QEMU and removes its folder. It
 * runs in a process group of its own, so that Ctrl-C does not end it before that.
 *
 * QEMU inherits file descriptor 3, the state to be restored. The supervisor's own messages are discarded, because writing
 * them after this process has ended would end it by SIGPIPE.
 */
export const SUPERVISOR_SCRIPT = `
exec 4<&0 5>&2 </dev/null 2>/dev/null
"$@" 2>&5 4<&- 5>&- &
qemu=$!
( read -r _ <&4; kill -9 $qemu ) 3<&- 5>&- &
watch=$!
exec 3<&- 4<&- 5>&-
wait $qemu
status=$?
kill -9 $watch
rm -rf "$FOLDER"
exit $status
`;

const CHANNELS = ['agent', 'console', 'doorbell', 'gdb', 'qmp'] as const;
const PID_FILE = 'pid';

/** A running QEMU with the host's ends of its sockets. */
export class QemuProcess {
  readonly gdb: GdbClient;
  readonly qmp: Qmp;
  /** The guest's memory, accessible while the guest runs. */
  readonly memory: ProcessMemory;
  /** Bytes of hvc0. */
  readonly console: Socket;
  /** Bytes of hvc1. */
  readonly agent: Socket;
  /** A byte for each RTAS call that waits in the stub. */
  readonly doorbell: Socket;
  /** Private folder (0700), removed when QEMU ends. */
  readonly folder: string;
  /** Resolves when QEMU has ended, with the end of its standard error. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  private constructor(
    parts: Pick<
      QemuProcess,
      'gdb' | 'qmp' | 'memory' | 'console' | 'agent' | 'doorbell' | 'folder' | 'ended'
    >,
    child: ChildProcess,
  ) {
    this.gdb = parts.gdb;
    this.qmp = parts.qmp;
    this.memory = parts.memory;
    this.console = parts.console;
    this.agent = parts.agent;
    this.doorbell = parts.doorbell;
    this.folder = parts.folder;
    this.ended = parts.ended;
    this.#child = child;
  }

  /**
   * Starts a QEMU whose guest is paused until its gdb client resumes it.
   * @param incoming if the guest's state is to be received (`receiveState`) instead of booting: the file descriptor of a saved
   *                 state, which QEMU inherits as 3, or `socket` when another QEMU sends its state
   * @throws EnvironmentError when QEMU does not start
   */
  static async start(qemu: Qemu, machine: Machine, incoming?: number | 'socket'): Promise<QemuProcess> {
    const { PATH } = process.env;
    const folder = newRunFolder();
    const sockets = CHANNELS.map((name) => accept(join(folder, name)));
    await Promise.all(sockets.map((socket) => socket.listening));
    const args = [
      ...CHANNELS.flatMap((name) => [
        '-chardev',
        `socket,id=${name},path=${join(folder, name).replaceAll(',', ',,')}`,
      ]),
      ...['-gdb', 'chardev:gdb', '-mon', 'chardev=qmp,mode=control', '-S'],
      ...['-pidfile', join(folder, PID_FILE)],
      // QEMU starts no programs.
      ...(qemu.sandbox ? ['-sandbox', 'on,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'] : []),
      ...machineArguments(machine),
      ...(incoming === undefined ? bootArguments(machine) : ['-incoming', 'defer']),
    ];
    const child = spawn('/bin/sh', ['-c', SUPERVISOR_SCRIPT, 'transplant-qemu', qemu.path, ...args], {
      env: { PATH, FOLDER: folder },
      stdio: ['pipe', 'ignore', 'pipe', typeof incoming === 'number' ? incoming : 'ignore'],
      detached: true,
    });
    child.stdin?.on('error', () => {});
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000);
    });
    const ended = new Promise<string>((done) => {
      child.once('error', (error) => done(error.message));
      child.once('close', () => done(stderr.trim()));
    });
    const tooEarly = ended.then(() => {
      throw new EnvironmentError('the process ended immediately');
    });
    try {
      const connected = Promise.all(sockets.map((socket) => socket.connected));
      const ends = await Promise.race([connected, tooEarly]);
      const [agent, console, doorbell, gdb, qmp] = ends as [Socket, Socket, Socket, Socket, Socket];
      const clients = await Promise.all([GdbClient.open(gdb), Qmp.open(qmp)]);
      const memory = await ProcessMemory.open(clients[1], join(folder, PID_FILE));
      return new QemuProcess(
        { gdb: clients[0], qmp: clients[1], memory, console, agent, doorbell, folder, ended },
        child,
      );
    } catch (error) {
      child.stdin?.destroy();
      const words = await ended;
      await rm(folder, { recursive: true, force: true });
      throw new EnvironmentError(
        `QEMU does not start: ${words || (error as Error).message}`,
        undefined,
        error,
      );
    } finally {
      tooEarly.catch(() => {});
      for (const socket of sockets) socket.close();
    }
  }

  /** Ends QEMU. May be called twice. Resolves when the process has ended and its folder is removed. */
  async kill(): Promise<void> {
    this.gdb.close();
    this.qmp.close();
    this.console.destroy();
    this.agent.destroy();
    this.doorbell.destroy();
    this.#child.stdin?.destroy();
    this.memory.close();
    await this.ended;
  }
}

/** Listens on a unix socket for one connection. */
function accept(path: string) {
  const server = createServer();
  const listening = new Promise<void>((done, failed) => {
    server.once('error', failed).listen(path, done);
  });
  const connected = new Promise<Socket>((done) => {
    server.once('connection', (socket: Socket) => {
      socket.on('error', () => {}); // the event `close` follows
      done(socket);
    });
  });
  return { listening, connected, close: () => void server.close() };
}
