/** The numbers with which a version begins; those that are absent count as 0. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * Reads the numbers at the start of a version or release string: `6.12`, `6.1.0-50-powerpc64le`, `7.3-rc7`.
 * @returns undefined when the text does not begin with at least `major.minor`
 */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Negative, zero or positive, for `Array.prototype.sort`. Release candidates compare as their release. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether a version is `least` or a later one. */
export function isAtLeast(version: Version, least: Version): boolean {
  return compareVersions(version, least) >= 0;
}
