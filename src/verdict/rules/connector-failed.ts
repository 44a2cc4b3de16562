import { patternOf } from '../lines/index.ts';
import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

export const connectorFailed: Rule = {
  name: 'connector-failed',
  severity: 'warning',
  title: 'failed connector',
  why: 'ibm,configure-connector did not deliver a node that firmware had announced; what it would have added is missing.',
  remedy: 'Ask firmware for the node again with drmgr, or restart the partition.',
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, patternOf('connector-failed')).map(({ at, text, match }) => ({
      subject: 'ibm,configure-connector',
      message: `status ${match[1]}`,
      evidence: [text],
      logAt: at,
    })),
};
