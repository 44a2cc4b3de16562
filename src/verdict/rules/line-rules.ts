import { fixes } from '../fixes.ts';
import { chainOf, newEvents, ownFixes } from '../new-events.ts';
import type { Rule } from '../rule.ts';

interface LineRule extends Omit<Rule, 'check' | 'fixedIn'> {
  readonly fixedIn?: Rule['fixedIn'];
  /** Whether it is about captured machines only: in a run of our own the warnings of each policy are known. */
  readonly ofCaptures?: true;
}

/** A rule that makes a finding of each event that names it; the event's meaning is what it says. */
function lineRule({ ofCaptures, ...rule }: LineRule): Rule {
  return {
    fixedIn: [],
    ...rule,
    check(evidence) {
      if (ofCaptures && evidence.outcomes) return [];
      return newEvents(evidence, (event) => event.rule === rule.name).map((event) => ({
        subject: event.subject ?? event.fault?.place ?? 'kernel',
        message: event.meaning,
        evidence: [event.fault?.message ?? event.line.text.trim(), ...chainOf(event.fault)],
        logAt: event.at,
        ...ownFixes(event),
      }));
    },
  };
}

/** Damage. */
export const useAfterFreeElsewhere = lineRule({
  name: 'use-after-free-elsewhere',
  severity: 'damage',
  title: 'other use-after-free warning',
  why: 'The kernel goes on to use memory that it has freed. It is not that of a device-tree node, but it may belong to something else by now.',
  remedy: 'Save the log, restart the partition, report it to the distributor.',
});

export const cacheMismatch = lineRule({
  name: 'cache-mismatch',
  severity: 'damage',
  title: 'cache mismatch',
  fixedIn: [fixes.rebuildsCacheinfo],
  why: "The kernel's description of the caches refers to nodes that a migration or DLPAR has replaced; CPUs that are added or removed from then on use what is freed.",
  remedy: 'Restart the partition before CPUs are added or removed, or it migrates again.',
});

export const freedWithChildren = lineRule({
  name: 'freed-with-children',
  severity: 'damage',
  title: 'early freed node',
  why: 'A node was freed while there were nodes below it: their parent is memory that may belong to something else by now.',
  remedy: 'Restart the partition soon.',
});

export const changesetFailed = lineRule({
  name: 'changeset-failed',
  severity: 'damage',
  title: 'failed changeset',
  why: 'A change of several nodes was neither made nor undone as a whole: the tree holds a part of it.',
  remedy: 'Compare the tree with a capture from before (transplant diff), or restart the partition.',
});

export const processCrashed = lineRule({
  name: 'process-crashed',
  severity: 'damage',
  title: 'process crash',
  why: 'A process crashed right after the migration: memory did not arrive as it was, and the kernel and other processes may be hit as well.',
  remedy: 'Restart the partition, check its data, and report it to IBM.',
});

/** Values of the old server. */
export const updateNotBegun = lineRule({
  name: 'update-not-begun',
  severity: 'stale',
  title: 'omitted update',
  why: 'The kernel did not update its device tree after the migration: everything in it describes the old server.',
  remedy: 'Restart the partition.',
});

export const acceleratorCredits = lineRule({
  name: 'accelerator-credits',
  severity: 'stale',
  title: 'accelerator window mismatch',
  why: 'The number of accelerator windows that the kernel expects is not that of the new server: programs get errors from the gzip accelerator, or use software instead.',
  remedy:
    'Restart the programs that use the accelerator; if the mismatch stays, migrate again or restart the partition.',
});

/** Worth a look. */
export const kernelWarning = lineRule({
  name: 'kernel-warning',
  severity: 'warning',
  title: 'kernel warning',
  ofCaptures: true,
  why: 'A check of the kernel failed and it went on. The device tree is not damaged by that.',
  remedy: 'Look the place up in the list of known defects of this kernel; report it to the distributor.',
});

export const kernelStalled = lineRule({
  name: 'kernel-stalled',
  severity: 'warning',
  title: 'stall',
  why: 'A CPU or a task stood still for longer than the kernel expects, and no migration explains it.',
  remedy: 'See whether it moves again. If not, take a dump and restart the partition.',
});

export const firmwareNotActivated = lineRule({
  name: 'firmware-not-activated',
  severity: 'warning',
  title: 'failed firmware activation',
  why: 'The kernel could not activate firmware on the new server; it went on with the update of the tree.',
  remedy: 'Nothing while the partition runs; restart it when convenient.',
});

export const missingEntry = lineRule({
  name: 'missing-entry',
  severity: 'warning',
  title: 'missing sysfs entry',
  why: 'A file, a link or a device could not be made in /sys: what looks for it finds nothing.',
  remedy: 'See what the entry belongs to; a restart of the partition makes it, if the name is free then.',
});

export const dlparFailed = lineRule({
  name: 'dlpar-failed',
  severity: 'warning',
  title: 'failed DLPAR operation',
  why: 'Hardware was to be added or removed, and some of it was not: the management console and the partition may disagree.',
  remedy: 'See which part failed, then repeat the request on the management console.',
});

export const adapterTrouble = lineRule({
  name: 'adapter-trouble',
  severity: 'warning',
  title: 'adapter failure',
  why: 'A virtual adapter lost its connection or could not make it again: disks or networks are not reachable by this path.',
  remedy: 'See whether the path is back (multipath -ll, ip link); if not, look at the Virtual I/O Server.',
});

export const acceleratorFailed = lineRule({
  name: 'accelerator-failed',
  severity: 'warning',
  title: 'accelerator failure',
  why: 'The hypervisor or the node of an accelerator refused its use: programs get errors or use software instead.',
  remedy: 'Restart the program; if it stays, look at the profile of the partition.',
});

export const refusedRequest = lineRule({
  name: 'refused-request',
  severity: 'warning',
  title: 'refused request',
  why: 'A program wanted to change the tree or to call firmware, and the kernel did not let it.',
  remedy: 'Update powerpc-utils; under kernel lockdown the tree cannot be changed at all.',
});
