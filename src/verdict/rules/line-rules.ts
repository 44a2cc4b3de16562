import { fixes } from '../fixes.ts';
import { chainOf, newEvents, ownFixes } from '../new-events.ts';
import type { Rule } from '../rule.ts';

interface LineRule extends Omit<Rule, 'check' | 'fixedIn'> {
  readonly fixedIn?: Rule['fixedIn'];
  /** Whether it applies to captured machines only: the warnings of the model and the lab are expected. */
  readonly ofCaptures?: true;
}

/** A rule with one finding for each event that names it. The message is the event's meaning. */
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
  why: 'The kernel uses memory after its last reference was dropped. It is not a device-tree node, but it may already belong to something else.',
  remedy: 'Save the log, restart the partition, report it to the distributor.',
});

export const cacheMismatch = lineRule({
  name: 'cache-mismatch',
  severity: 'damage',
  title: 'cache mismatch',
  fixedIn: [fixes.rebuildsCacheinfo],
  why: "The kernel's description of the caches refers to nodes that a migration or DLPAR has replaced. Adding or removing a CPU then uses freed memory.",
  remedy: 'Restart the partition before CPUs are added or removed, or it migrates again.',
});

export const freedWithChildren = lineRule({
  name: 'freed-with-children',
  severity: 'damage',
  title: 'early freed node',
  why: 'A node was freed while there were nodes below it. The memory of their parent may already belong to something else.',
  remedy: 'Restart the partition soon.',
});

export const changesetFailed = lineRule({
  name: 'changeset-failed',
  severity: 'damage',
  title: 'failed changeset',
  why: 'A change of several nodes was neither made nor undone as a whole. The tree contains a part of it.',
  remedy: 'Compare the tree with a capture from before (transplant diff), or restart the partition.',
});

export const processCrashed = lineRule({
  name: 'process-crashed',
  severity: 'damage',
  title: 'process crash',
  why: 'A process crashed right after the migration. Its memory did not arrive unchanged, and that of the kernel and other processes may not have either.',
  remedy: 'Restart the partition, check its data, and report it to IBM.',
});

/** Values of the old server. */
export const updateNotBegun = lineRule({
  name: 'update-not-begun',
  severity: 'stale',
  title: 'omitted update',
  why: 'The kernel did not update its device tree after the migration. The whole tree describes the old server.',
  remedy: 'Restart the partition.',
});

export const acceleratorCredits = lineRule({
  name: 'accelerator-credits',
  severity: 'stale',
  title: 'accelerator window mismatch',
  why: 'The kernel expects another number of accelerator windows than the new server has. Programs get errors from the gzip accelerator, or use software instead.',
  remedy:
    'Restart the programs that use the accelerator; if the mismatch stays, migrate again or restart the partition.',
});

/** Worth a look. */
export const kernelWarning = lineRule({
  name: 'kernel-warning',
  severity: 'warning',
  title: 'kernel warning',
  ofCaptures: true,
  why: 'A check in the kernel failed, and the kernel continued. This does not damage the device tree.',
  remedy: 'Look the place up in the known defects of this kernel, and report it to the distributor.',
});

export const kernelStalled = lineRule({
  name: 'kernel-stalled',
  severity: 'warning',
  title: 'stall',
  why: 'A CPU or a task did not run for longer than the kernel expects, and no migration explains it.',
  remedy: 'Check whether it runs again. If not, take a dump and restart the partition.',
});

export const firmwareNotActivated = lineRule({
  name: 'firmware-not-activated',
  severity: 'warning',
  title: 'failed firmware activation',
  why: 'The kernel could not activate firmware on the new server. It continued with the update of the tree.',
  remedy: 'Nothing while the partition runs; restart it when convenient.',
});

export const missingEntry = lineRule({
  name: 'missing-entry',
  severity: 'warning',
  title: 'missing sysfs entry',
  why: 'A file, a link or a device could not be created in /sys.',
  remedy:
    'Find out what the entry belongs to. A restart of the partition creates it if the name is free then.',
});

export const dlparFailed = lineRule({
  name: 'dlpar-failed',
  severity: 'warning',
  title: 'failed DLPAR operation',
  why: 'A request to add or remove hardware failed, at least in part. The management console and the partition may disagree.',
  remedy: 'Find out which part failed, then repeat the request on the management console.',
});

export const adapterTrouble = lineRule({
  name: 'adapter-trouble',
  severity: 'warning',
  title: 'adapter failure',
  why: 'A virtual adapter lost its connection or could not restore it. Disks or networks are not reachable by this path.',
  remedy: 'Check whether the path is back (multipath -ll, ip link). If not, check the Virtual I/O Server.',
});

export const acceleratorFailed = lineRule({
  name: 'accelerator-failed',
  severity: 'warning',
  title: 'accelerator failure',
  why: 'An accelerator cannot be used. Programs get errors or use software instead.',
  remedy: 'Restart the program. If the error stays, check the profile of the partition.',
});

export const refusedRequest = lineRule({
  name: 'refused-request',
  severity: 'warning',
  title: 'refused request',
  why: 'The kernel refused the request of a program to change the tree or to call firmware.',
  remedy: 'Update powerpc-utils. Under kernel lockdown the tree cannot be changed at all.',
});
