import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { AGENT_SCRIPT } from '../../../src/lab/agent/index.ts';
import { scratch } from '../setup/scratch.ts';

export interface HostAgent {
  /** Stream in place of a guest's console. */
  readonly stream: Duplex;
  /** Folder of the agent's programs, links to busybox. */
  readonly bin: string;
  /** Folder of the agent's temporary files. */
  readonly work: string;
  kill(): void;
}

/** Runs the agent's script in the host's busybox, with busybox's programs. */
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
  child.stdin.on('error', () => {}); // the stream reports the end
  onTestFinished(() => void child.kill('SIGKILL'));
  const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
  return { stream, bin, work, kill: () => void child.kill('SIGKILL') };
}
