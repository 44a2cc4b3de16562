/** The numbers at the start of a version; absent ones are 0. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * Reads the numbers at the start of a version or release string: `6.12`, `6.1.0-50-powerpc64le`, `7.3-rc7`.
 * @returns undefined when the text does not begin with at least `major.minor`
 */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Compares two versions: negative, zero or positive, for `Array.prototype.sort`. A release candidate equals its release. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether a version is `least` or later. */
export function isAtLeast(version: Version, least: Version): boolean {
  return compareVersions(version, least) >= 0;
}
