import { patternOf } from '../lines/index.ts';
import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

export const suspendFailed: Rule = {
  name: 'suspend-failed',
  severity: 'warning',
  title: 'failed suspend',
  why: 'The partition could not be suspended to be moved; it is still, or was for a while longer, where it was.',
  remedy:
    'The status says why: -9004 and -9006 mean that somebody is using hardware that cannot move; end that and migrate again.',
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, patternOf('suspend-failed')).map(({ at, text, match }) => ({
      subject: 'ibm,suspend-me',
      message: `status ${match[1]}`,
      evidence: [text],
      logAt: at,
    })),
};
