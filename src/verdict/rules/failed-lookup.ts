import { newEvents } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const failedLookup: Rule = {
  name: 'failed-lookup',
  severity: 'warning',
  title: 'failed lookup',
  why: 'Firmware named a node that the kernel does not have. The message had no effect.',
  remedy: 'Nothing, unless a node is missing from the tree. Healthy partitions log it, too.',
  fixedIn: [],
  check: (evidence) => {
    // Healthy partitions log it in every migration; in a run of our own it says what firmware's list and the tree differ in.
    if (!evidence.outcomes) return [];
    return newEvents(evidence, ({ name }) => LOOKUPS.has(name)).map(({ at, line, values: [phandle] }) => ({
      subject: `phandle 0x${phandle}`,
      message: line.text,
      evidence: [],
      logAt: at,
    }));
  },
};

const LOOKUPS = new Set(['failed-lookup', 'list-desynchronised']);
