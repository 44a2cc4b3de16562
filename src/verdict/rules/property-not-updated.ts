import { patternOf } from '../lines/index.ts';
import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

export const propertyNotUpdated: Rule = {
  name: 'property-not-updated',
  severity: 'stale',
  title: 'refused property',
  why: 'Firmware sent a new value and the kernel could not take it, mostly for want of memory: the old one is still there.',
  remedy:
    'Write the new value to /proc/ppc64/ofdt where it is known (transplant plan), or restart the partition.',
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, patternOf('property-failed')).map(({ at, text, match }) => ({
      subject: match[1] ?? '',
      message: 'not updated',
      evidence: [text],
      logAt: at,
    })),
};
