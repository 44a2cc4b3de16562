import { fixState } from '../partition/index.ts';
import type { Evidence } from './evidence.ts';
import { type Fix, fixText } from './fixes.ts';
import { eventsIn, storyOf } from './story/index.ts';
import { type Vendor, vendorOf } from './vendors.ts';

/**
 * What is known of fixes, and whether the kernel that had the defect has them: its release is that of the fault's report, of
 * the boot before it in the log, or of the machine.
 * @param logAt index in the log of the line that shows it
 */
export function adviceOn(
  fixes: readonly Fix[],
  evidence: Evidence,
  logAt: number | undefined,
): string | undefined {
  if (fixes.length === 0) return undefined;
  const release = releaseAt(evidence, logAt);
  return fixes.map((fix) => adviceOnOne(fix, release)).join('; ');
}

function adviceOnOne(fix: Fix, release: string): string {
  const known = `fixed in ${fixText(fix)}`;
  switch (fixState(fix, release)) {
    case 'unknown':
      return known;
    case 'present':
      return `this kernel (${release}) has the known fix, ${fix.since} (${fix.commit}): this is another defect, or one of an earlier kernel`;
    case 'absent':
      return `${known}; this kernel (${release}) lacks it`;
    case 'possible': {
      const vendor = vendorOf(release);
      if (!vendor) return `${known}; this kernel (${release}) is older`;
      return `${known}; this kernel (${release}) ${ofVendor(vendor)}`;
    }
  }
}

function ofVendor({ name, changelog }: Vendor): string {
  return `is of ${name}, whose backports are not known: look for the commit in its changelog (${changelog})`;
}

/** Whether a kernel takes a new value in, where that needs a change that newer kernels have. */
export function takenInBy(fix: Fix, release: string): string {
  const since = `kernels since ${fix.since} (${fix.commit}) take it in`;
  switch (fixState(fix, release)) {
    case 'unknown':
      return since;
    case 'present':
      return `this kernel (${release}) takes it in, as those since ${fix.since} do (${fix.commit})`;
    case 'absent':
      return `${since}; this kernel (${release}) keeps the old value until the partition is restarted`;
    case 'possible': {
      const vendor = vendorOf(release);
      return `${since}; this kernel (${release}) ${vendor ? ofVendor(vendor) : 'is older and keeps the old value until the partition is restarted'}`;
    }
  }
}

function releaseAt({ after }: Evidence, logAt: number | undefined): string {
  const { release } = after.platform;
  if (logAt === undefined) return release;
  const events = eventsIn(storyOf(after.log));
  const own = events.find(({ at }) => at === logAt)?.fault?.release;
  const boot = events.findLast(({ name, at }) => name === 'boot' && at <= logAt);
  return own ?? boot?.values[0] ?? release;
}
