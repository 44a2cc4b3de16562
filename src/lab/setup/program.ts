import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { EnvironmentError } from '../../base/index.ts';

/** Options of `run`. */
export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input. */
  readonly input?: Uint8Array;
  /** Hint of the error when the program is not installed: `apt-get install xz-utils`. */
  readonly hint?: string;
  /** Called with each line that the program writes to file descriptor 3. */
  readonly onStatus?: (line: string) => void;
}

/** Result of a program that has ended. */
export interface ProgramResult {
  /** Exit status; 128 + signal number when a signal ended the program. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs a program until it ends, in the C locale, because callers parse its output.
 * @throws EnvironmentError when the program does not start
 */
export function run(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...(options.env ?? process.env), LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe', options.onStatus ? 'pipe' : 'ignore'],
    }) as ChildProcessWithoutNullStreams;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const { onStatus } = options;
    if (onStatus) {
      let rest = '';
      (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split('\n');
        rest = lines.pop() ?? '';
        lines.forEach(onStatus);
      });
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      const absent = error.code === 'ENOENT';
      reject(
        new EnvironmentError(
          absent ? `${program} is not installed` : `${program}: ${error.message}`,
          options.hint,
          error,
        ),
      );
    });
    child.once('close', (code, signal) => {
      resolve({
        status: code ?? 128 + (signal ? constants.signals[signal] : 0),
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    child.stdin.on('error', () => {}); // the program may end before it has read all input
    child.stdin.end(options.input);
  });
}

/**
 * Runs a program that must succeed.
 * @returns its standard output
 * @throws EnvironmentError with the program's standard error when its status is not 0, or the program does not start
 */
export async function runOk(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Buffer> {
  const { status, stdout, stderr } = await run(program, args, options);
  if (status !== 0)
    throw new EnvironmentError(`${program} ${args[0] ?? ''} ended with status ${status}: ${stderr.trim()}`);
  return stdout;
}
