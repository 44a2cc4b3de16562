import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { AGENT_SCRIPT } from '../../../src/lab/agent/index.ts';
import { scratch } from '../setup/scratch.ts';

export interface HostAgent {
  /** What a guest's console would be. */
  readonly stream: Duplex;
  /** Its programs, links to busybox. */
  readonly bin: string;
  /** The agent's folder for its own files. */
  readonly work: string;
  kill(): void;
}

/** The guest's script in this machine's busybox, with busybox's programs. */
export function startHostAgent(): HostAgent {
  const folder = scratch();
  const work = join(folder, 'work');
  const bin = join(folder, 'bin');
  for (const path of [work, bin]) mkdirSync(path);
  execFileSync('busybox', ['--install', '-s', bin]);
  writeFileSync(join(bin, 'agent'), AGENT_SCRIPT);
  const child = spawn(join(bin, 'sh'), [join(bin, 'agent'), work], {
    env: { PATH: bin },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {}); // its end is told by the stream
  onTestFinished(() => void child.kill('SIGKILL'));
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
  return { stream, bin, work, kill: () => void child.kill('SIGKILL') };
}
