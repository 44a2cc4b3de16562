import { fixState, ignoresFacilities, type LogLine, linePattern } from '../../partition/index.ts';

const REMOVE_IGNORED = linePattern('removeIgnored');
const ADD_IGNORED = linePattern('addIgnored');
const NODE_REMOVED = linePattern('nodeRemoved');

/**
 * Returns how a machine's kernel treats deletes and adds of platform-facilities, from its log, or else from its release.
 * Distributions backport fixes without changing the release, hence "possibly".
 */
export function policyOf(release: string, log: readonly LogLine[]): string {
  for (const { text } of log) {
    if (REMOVE_IGNORED.test(text) || ADD_IGNORED.test(text)) return 'ignore (by its log)';
    if (/^\/ibm,platform-facilities(?:\/|$)/.test(NODE_REMOVED.exec(text)?.[1] ?? ''))
      return 'detach (by its log)';
  }
  switch (fixState(ignoresFacilities, release)) {
    case 'present':
      return 'ignore (by its release)';
    case 'absent':
      return 'detach (by its release)';
    case 'possible':
      return 'possibly detach (by its release)';
    case 'unknown':
      return 'unknown';
  }
}
