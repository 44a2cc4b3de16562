import { patternOf } from '../lines/index.ts';
import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

/** The opcodes that update-nodes knows, as the kernel prints them: delete, update, add. */
const known = new Set(['1000000', '2000000', '3000000']);

export const desynchronisedList: Rule = {
  name: 'desynchronised-list',
  severity: 'damage',
  title: 'desynchronised list',
  why: 'The kernel lost its place in the list of changes (it skips an add whose parent is unknown without its drc index) and takes one word for another from there on.',
  remedy: 'Restart the partition: what was applied after the mistake is not what firmware said.',
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, patternOf('failed-lookup'))
      .filter(({ match }) => !known.has(match[2] ?? '') || match[1] === '0')
      .map(({ at, text, match }) => ({
        subject: `action 0x${match[2]}`,
        message: `word ${match[1] === '0' ? '0 taken for a phandle' : `0x${match[2]} taken for an operator`}`,
        evidence: [text],
        logAt: at,
      })),
};
