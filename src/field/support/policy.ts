import type { LogLine } from '../../partition/index.ts';

/**
 * How a machine's kernel treats deletes and adds of platform-facilities: as its log shows, or else as its release lets
 * one expect. Kernels of distributions carry fixes that their release does not tell, hence `perhaps`.
 */
export function policyOf(release: string, log: readonly LogLine[]): string {
  for (const { text } of log) {
    if (/^mobility: ignoring (?:remove|add) operation for /.test(text)) return 'ignore (by its log)';
    if (/^mobility: removing node \/ibm,platform-facilities[:/]/.test(text)) return 'detach (by its log)';
  }
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release);
  if (!match) return 'unknown';
  const [, major, minor, patch] = match.map(Number);
  const at = (major ?? 0) * 1000 + (minor ?? 0);
  // Commit 319fa1a52e43, first in v5.16; in stable since about 5.10.145, and in 5.15.
  if (at >= 5016 || at === 5015 || (at === 5010 && (patch ?? 0) >= 145)) return 'ignore (by its release)';
  return at >= 5010 ? 'perhaps detach (by its release)' : 'detach (by its release)';
}
