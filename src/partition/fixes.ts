import { isAtLeast, parseVersion } from '../base/index.ts';

/** A change of the kernel, and the releases that have it. */
export interface KernelFix {
  /** In Linus Torvalds' tree. */
  readonly commit: string;
  /** The first release from that tree: `5.16`. */
  readonly since: string;
  /** The first release of each stable branch that has it as well: `5.10.145`. */
  readonly stable: readonly string[];
}

/**
 * mobility.c ignores deletes and adds of platform-facilities.
 *
 * The numbers of the stable releases are inferred from the dates on which the commit reached their branches: 18 November
 * 2021 for 5.15 and 20 September 2022 for 5.10.
 */
export const ignoresFacilities: KernelFix = {
  commit: '319fa1a52e43',
  since: '5.16',
  stable: ['5.10.145', '5.15.3'],
};

/**
 * Whether a kernel has a fix.
 *
 * - `possible`: the release is older than the fix, but it is that of a distribution, which may backport fixes without
 *   changing the number (`5.15.0-91-generic`)
 * - `unknown`: the text is no release
 */
export type FixState = 'present' | 'absent' | 'possible' | 'unknown';

/** @param release as `uname -r` prints it: `5.10.198`, `6.1.0-50-powerpc64le` */
export function fixState({ since, stable }: Pick<KernelFix, 'since' | 'stable'>, release: string): FixState {
  const version = parseVersion(release);
  if (!version) return 'unknown';
  const has = [since, ...stable].some((text, index) => {
    const first = parseVersion(text);
    if (!first || !isAtLeast(version, first)) return false;
    return index === 0 || (first[0] === version[0] && first[1] === version[1]);
  });
  if (has) return 'present';
  return /^v?\d+\.\d+(?:\.\d+)?$/.test(release) ? 'absent' : 'possible';
}

/** `5.16, stable 5.10.145 and 5.15.3 (319fa1a52e43)` */
export function fixedIn({ commit, since, stable }: KernelFix): string {
  return `${since}, stable ${stable.join(' and ')} (${commit})`;
}
