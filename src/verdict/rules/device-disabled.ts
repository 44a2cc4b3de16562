import { patternOf } from '../lines/index.ts';
import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

export const deviceDisabled: Rule = {
  name: 'device-disabled',
  severity: 'warning',
  title: 'disabled device',
  why: "The driver found its device's status not okay, or its properties unusable: the partition does without the hardware.",
  remedy: "Look at the node's status and at the partition's profile on the management console.",
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, patternOf('device-disabled')).map(({ at, text, match }) => ({
      subject: `/ibm,platform-facilities/${match[1]}`,
      message: 'its driver has disabled it',
      evidence: [text],
      logAt: at,
    })),
};
