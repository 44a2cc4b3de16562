import { patternOf } from '../lines/index.ts';
import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

export const failedLookup: Rule = {
  name: 'failed-lookup',
  severity: 'warning',
  title: 'failed lookup',
  why: 'Firmware named a node that the kernel does not know; that message had no effect.',
  remedy: 'Nothing, unless something is missing from the tree: healthy partitions log it too.',
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, patternOf('failed-lookup')).map(({ at, text, match }) => ({
      subject: `phandle 0x${match[1]}`,
      message: text,
      evidence: [],
      logAt: at,
    })),
};
