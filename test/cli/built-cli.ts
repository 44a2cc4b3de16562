import { execFile, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const build = join(root, 'build');
const home = join(build, 'cli-under-test');
const bin = join(home, 'dist/cli/index.js');

/** Modification time of the newest file in a folder, in milliseconds. */
function newest(folder: string): number {
  const times = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
    entry.isFile() ? statSync(join(entry.parentPath, entry.name)).mtimeMs : 0,
  );
  return Math.max(...times);
}

/**
 * Builds the package as users get it. Test files share the build; it is made again only if a source has changed. Test
 * files run at the same time in separate processes: each builds in its own folder, and the first to finish is used.
 */
export function buildCli(): void {
  const others = ['package.json', 'bundle.config.ts'].map((name) => statSync(join(root, name)).mtimeMs);
  const stamp = Math.max(newest(join(root, 'src')), ...others);
  if (existsSync(bin) && statSync(bin).mtimeMs > stamp) return;
  const own = `${home}.${process.pid}`;
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--noCheck', '--outDir', join(own, 'dist')];
  // Types are not checked here but by npm run types.
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the command cannot be built:\n${stdout}`);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const bundled = spawnSync(process.execPath, [vite, 'build', '--config', 'bundle.config.ts'], {
    cwd: root,
    env: { ...process.env, DIST: join(own, 'dist') },
    encoding: 'utf8',
  });
  if (bundled.status !== 0) throw new Error(`the command cannot be bundled:\n${bundled.stderr}`);
  cpSync(join(root, 'package.json'), join(own, 'package.json'));
  // The page without its script, which test/viewer builds and tests: enough to see what a command writes into the page.
  cpSync(join(root, 'viewer/index.html'), join(own, 'dist/viewer/index.html'));
  for (const folder of ['examples', 'docs', 'node_modules'])
    symlinkSync(join(root, folder), join(own, folder));
  rmSync(home, { recursive: true, force: true });
  try {
    renameSync(own, home);
  } catch {
    // Another process has finished first.
    rmSync(own, { recursive: true, force: true });
  }
}

/** How a command ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `transplant` as a process, without a terminal. */
export function transplant(
  args: readonly string[],
  { cwd = root, stdin, env = {} }: RunOptions = {},
): Promise<Ended> {
  const { FORCE_COLOR, NO_COLOR, GITHUB_ACTIONS, ...inherited } = process.env;
  return new Promise((done) => {
    const options = { cwd, env: { ...inherited, ...env }, maxBuffer: 2 ** 28, encoding: 'latin1' } as const;
    const child = execFile(process.execPath, [bin, ...args], options, (error, stdout, stderr) => {
      const status = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8');
      done({ status, stdout: utf8(stdout), stderr: utf8(stderr) });
    });
    child.stdin?.end(stdin);
  });
}

export { bin, home };
