import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';

const { CI } = process.env;

function found(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** A test that needs a program. Skipped by name where there is none, but not in CI: there it fails. */
export function testWith(
  program: string,
  name: string,
  body: () => void | Promise<void>,
  timeout?: number,
): void {
  const skip = !found(program) && !CI;
  test.skipIf(skip)(skip ? `${name} (skipped: no ${program} on PATH)` : name, body, timeout);
}

/** The shells that scripts must run under, with the programs that each finds. */
export const shells: readonly {
  readonly name: string;
  readonly program: string;
  readonly busybox: boolean;
}[] = [
  { name: 'dash', program: 'dash', busybox: false },
  { name: 'bash', program: 'bash', busybox: false },
  { name: 'busybox ash, and nothing but busybox', program: 'busybox', busybox: true },
];

export type Shell = (typeof shells)[number];

export interface ShellRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folderOfApplets: string | undefined;
afterAll(() => {
  if (folderOfApplets !== undefined) rmSync(folderOfApplets, { recursive: true, force: true });
});

/** A folder with a link for each program that busybox is; made once for a file of tests. */
function applets(): string {
  if (folderOfApplets !== undefined) return folderOfApplets;
  const place = mkdtempSync(join(tmpdir(), 'transplant-applets-'));
  const say = (command: string) => spawnSync('sh', ['-c', command], { encoding: 'latin1' }).stdout.trim();
  const busybox = say('command -v busybox');
  for (const applet of say('busybox --list').split('\n')) symlinkSync(busybox, join(place, applet));
  folderOfApplets = place;
  return place;
}

/**
 * Runs a script with arguments.
 * @param before a folder of programs that are found first
 */
export function runShell(
  shell: Shell,
  folder: string,
  script: string,
  args: readonly string[],
  before?: string,
): ShellRun {
  const { PATH = '' } = process.env;
  let path = PATH;
  if (shell.busybox) path = applets();
  const env = { PATH: before === undefined ? path : `${before}:${path}`, TMPDIR: folder };
  const program = shell.busybox ? join(path, 'sh') : shell.program;
  const run = spawnSync(program, [script, ...args], {
    env,
    encoding: 'latin1',
    cwd: folder,
    maxBuffer: 1 << 28,
  });
  if (run.error) throw run.error;
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}
