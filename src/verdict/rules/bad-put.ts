import { patternOf } from '../lines/index.ts';
import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

export const badPut: Rule = {
  name: 'bad-put',
  severity: 'damage',
  title: 'double put',
  why: 'A reference to a node was dropped that nobody held: its count reached zero while it was in the tree, and the next one who drops it uses freed memory.',
  remedy: 'Restart the partition soon, and report the log to the distributor.',
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, patternOf('bad-put')).map(({ at, text, match }) => ({
      subject: match[1] ?? '/',
      message: 'a reference was dropped that nobody held',
      evidence: [text],
      logAt: at,
    })),
};
