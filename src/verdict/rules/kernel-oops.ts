import type { Rule } from '../rule.ts';
import { linesMatching } from '../since.ts';

const fatal =
  /^(BUG: |Oops: |kernel BUG at |Kernel panic - not syncing|Unable to handle kernel|INFO: task .* blocked for more than)/;

export const kernelOops: Rule = {
  name: 'kernel-oops',
  severity: 'damage',
  title: 'kernel oops',
  why: 'The kernel itself failed; the partition may hang or lose data at any moment.',
  remedy: 'Save the log, restart the partition, report it to the distributor.',
  fixedIn: null,
  check: (evidence) =>
    linesMatching(evidence, fatal).map(({ at, text }) => ({
      subject: 'kernel',
      message: text,
      evidence: [],
      logAt: at,
    })),
};
