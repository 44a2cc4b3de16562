import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { EnvironmentError, isCaching } from '../../base/index.ts';
import { fileVersion } from './cache.ts';
import { run, runOk } from './program.ts';
import type { OnProgress } from './progress.ts';

const PROGRAM = 'qemu-system-ppc64';

/** How to install QEMU, by distribution. */
export const INSTALL_HINT =
  'Debian, Ubuntu: apt-get install qemu-system-ppc (or: transplant lab setup --install). Fedora: dnf install qemu-system-ppc. Arch: pacman -S qemu-system-ppc.';

/** The emulator on this machine. */
export interface Qemu {
  /** Absolute path of qemu-system-ppc64. */
  readonly path: string;
  /** `7.2.22`. */
  readonly version: string;
  /** Whether `-sandbox on` works: QEMU is built with seccomp, and the host allows it. */
  readonly sandbox: boolean;
}

/** Emulators that this process has probed, by the version of their file. */
const probed = new Map<string, Promise<Qemu>>();

/** Finds and probes the emulator in PATH. @throws EnvironmentError when there is none; the hint is how to install it */
export async function findQemu(env: NodeJS.ProcessEnv = process.env): Promise<Qemu> {
  const path = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, PROGRAM))
    .find(isExecutable);
  if (path === undefined) throw new EnvironmentError(`${PROGRAM} is not installed`, INSTALL_HINT);
  const key = fileVersion(path).join(' ');
  const qemu = (isCaching() ? probed.get(key) : undefined) ?? probe(path);
  probed.set(key, qemu);
  qemu.catch(() => probed.delete(key));
  return qemu;
}

async function probe(path: string): Promise<Qemu> {
  // QEMU installs the seccomp filter when a machine starts. A machine of type none starts immediately and accepts commands.
  const nothing = ['-machine', 'none', '-nodefaults', '-display', 'none', '-monitor', 'stdio'];
  const [{ status, stdout, stderr }, probe] = await Promise.all([
    run(path, ['--version']),
    run(path, ['-sandbox', 'on', ...nothing], { input: Buffer.from('quit\n') }),
  ]);
  const version = /version (\d+(?:\.\d+)+)/.exec(stdout.toString())?.[1];
  if (status !== 0 || version === undefined)
    throw new EnvironmentError(`${path} does not start: ${stderr.trim()}`, INSTALL_HINT);
  return { path, version, sandbox: probe.status === 0 };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs QEMU with the host's apt.
 * @throws EnvironmentError when the user is not root, or apt fails
 */
export async function installQemu(onProgress: OnProgress = () => {}): Promise<Qemu> {
  if (process.getuid?.() !== 0) {
    throw new EnvironmentError(
      'only root can install QEMU',
      'sudo apt-get install qemu-system-ppc qemu-system-data',
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  onProgress({ text: 'install qemu-system-ppc with apt' });
  // Failure of one of the host's sources does not prevent the installation.
  await run('apt-get', ['-q', 'update'], { env, hint: INSTALL_HINT });
  await runOk(
    'apt-get',
    ['-q', '-y', '--no-install-recommends', 'install', 'qemu-system-ppc', 'qemu-system-data'],
    {
      env,
    },
  );
  return findQemu();
}
