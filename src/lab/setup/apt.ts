import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../../base/index.ts';
import { runOk } from './program.ts';
import type { OnProgress } from './progress.ts';
import { debianMirror, type Mirror } from './sources.ts';

/** How packages are fetched. */
export interface AptOptions {
  readonly onProgress: OnProgress;
  /** The host's apt configuration, which names the Debian mirror and its key; default `/etc/apt`. */
  readonly aptFolder?: string | undefined;
}

/** An apt with a state of its own, for the ppc64el packages of one suite. Every method throws EnvironmentError when apt fails. */
export interface Apt {
  readonly suite: string;
  /** Version that would be downloaded; `undefined` when the suite does not have the package. */
  version(name: string): Promise<string | undefined>;
  /** Names of the packages that the package depends on; of alternatives, the first one. */
  depends(name: string): Promise<string[]>;
  /** Downloads a package; apt checks its hash against the signed index. @returns path of the `.deb` */
  download(name: string): Promise<string>;
}

/**
 * Creates a state for apt in `folder` (apt.conf(5), `APT_CONFIG`), and downloads the suite's index, whose signature apt checks
 * with the host's keys.
 * @param suite `bookworm`, `trixie`
 * @throws EnvironmentError when the host has no Debian mirror, or the mirror does not have the suite
 */
export async function openApt(folder: string, suite: string, options: AptOptions): Promise<Apt> {
  const { onProgress, aptFolder = '/etc/apt' } = options;
  const mirror = debianMirror(hostSources(aptFolder));
  if (!mirror) {
    throw new EnvironmentError(
      `no Debian mirror in ${aptFolder}/sources.list or ${aptFolder}/sources.list.d`,
      'On systems other than Debian, use the path of a ppc64le vmlinux instead of a Debian kernel.',
    );
  }
  for (const name of ['lists/partial', 'cache/archives/partial', 'packages']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'debian.sources'), aptSources(mirror, suite));
  const hostConf = await runOk('apt-config', ['dump'], { hint: 'Debian kernels are fetched with apt.' });
  writeFileSync(join(folder, 'apt.conf'), aptConf(folder, hostConf.toString()));
  const env = { ...process.env, APT_CONFIG: join(folder, 'apt.conf') };
  const packages = join(folder, 'packages');

  const get = (args: readonly string[], what: string) => {
    const onStatus = (line: string) => {
      const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
      if (percent !== undefined) onProgress({ text: what, percent: Number(percent) });
    };
    onProgress({ text: what });
    return runOk('apt-get', ['-q', '-o', 'APT::Status-Fd=3', ...args], { cwd: packages, env, onStatus });
  };
  const cache = async (args: readonly string[]) => (await runOk('apt-cache', args, { env })).toString();

  await get(['update'], `read the index of ${suite}`);
  return {
    suite,
    async version(name) {
      const candidate = /^ {2}Candidate: (\S+)$/m.exec(await cache(['policy', name]))?.[1];
      return candidate === '(none)' ? undefined : candidate;
    },
    async depends(name) {
      const found = (await cache(['depends', '--important', name])).matchAll(/^ {2}Depends: (\S+)$/gm);
      return Array.from(found, (match) => match[1] ?? '');
    },
    async download(name) {
      const before = new Set(readdirSync(packages));
      await get(['download', name], `download ${name} from ${suite}`);
      const file = readdirSync(packages).find((entry) => entry.endsWith('.deb') && !before.has(entry));
      if (file === undefined) throw new EnvironmentError(`apt-get download ${name} did not write a package`);
      return join(packages, file);
    },
  };
}

/** Names and texts of the host's sources files (sources.list(5)), `sources.list` first. @param etc `/etc/apt` */
export function hostSources(etc: string): { name: string; text: string }[] {
  const parts = join(etc, 'sources.list.d');
  let names: string[] = [];
  try {
    names = readdirSync(parts)
      .filter((name) => /\.(?:list|sources)$/.test(name))
      .sort();
  } catch {
    // The folder is optional.
  }
  return [join(etc, 'sources.list'), ...names.map((name) => join(parts, name))].flatMap((name) => {
    try {
      return [{ name, text: readFileSync(name, 'utf8') }];
    } catch {
      return [];
    }
  });
}

/** Text of a sources file (deb822) for one suite of the mirror. */
export function aptSources({ uri, signedBy }: Mirror, suite: string): string {
  const fields = [
    `Types: deb`,
    `URIs: ${uri}`,
    `Suites: ${suite}`,
    'Components: main',
    'Architectures: ppc64el',
  ];
  if (signedBy !== undefined) fields.push(`Signed-By: ${signedBy}`);
  return `${fields.join('\n')}\n`;
}

/**
 * Text of a configuration for apt. It keeps the host's settings for fetching (proxies, retries), and omits its hooks, its foreign
 * architectures, and settings that permit unsigned archives.
 * @param folder   of apt's state
 * @param hostDump output of `apt-config dump`
 */
export function aptConf(folder: string, hostDump: string): string {
  const fetching = hostDump
    .split('\n')
    .filter(
      (line) =>
        /^Acquire::/.test(line) && !/^Acquire::(?:IndexTargets|Allow|Check-|Languages|Gzip)/i.test(line),
    );
  const quoted = (name: string) => JSON.stringify(join(folder, name));
  return `${[
    'Acquire::Retries "3";',
    ...fetching,
    'APT::Architecture "ppc64el";',
    'APT::Architectures { "ppc64el"; };',
    `Dir::State ${quoted('.')};`,
    `Dir::State::Lists ${quoted('lists')};`,
    `Dir::State::status ${quoted('status')};`,
    `Dir::Cache ${quoted('cache')};`,
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::Etc::sourcelist ${quoted('debian.sources')};`,
    'Dir::Etc::sourceparts "/dev/null";',
    'APT::Update::Error-Mode "any";',
    'Acquire::Languages "none";',
    'Acquire::GzipIndexes "true";',
    'Acquire::AllowInsecureRepositories "false";',
    'Acquire::AllowWeakRepositories "false";',
    'APT::Get::AllowUnauthenticated "false";',
    // By default apt running as root fetches as user _apt, who cannot enter a private cache folder.
    'APT::Sandbox::User "root";',
  ].join('\n')}\n`;
}
