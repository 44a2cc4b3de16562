import { plural } from '../base/index.ts';
import { asString, child, property, type Tree } from '../devicetree/index.ts';
import type { Evidence } from './evidence.ts';
import { storyOf } from './story/index.ts';

/** Evidence that a verdict of `safe` needs and that is missing. */
export interface MissingEvidence {
  /** `the device tree`, `the end of migration 2`. */
  readonly what: string;
  /** How to get it, as a command or an instruction. */
  readonly remedy: string;
}

/**
 * What a verdict of `safe` needs and does not have. A run of the model or the lab has everything. A captured machine needs a
 * whole tree, no unread files, and either a log that covers the migration or a capture from before.
 */
export function missingEvidence(evidence: Evidence): readonly MissingEvidence[] {
  if (evidence.outcomes) return [];
  const { after, before } = evidence;
  const missing: MissingEvidence[] = [];
  if (after.unread.length > 0) missing.push(unreadPart(after.unread));
  const tree = treePart(after.tree);
  if (tree) missing.push(tree);
  if (!before) missing.push(...logPart(evidence));
  for (const { number, outcome } of storyOf(after.log).migrations)
    if (outcome === 'unknown')
      missing.push({
        what: `the end of migration ${number}`,
        remedy: 'take the log once the machine runs again, with /var/log/drmgr and /var/log/messages',
      });
  return missing;
}

function unreadPart(unread: readonly string[]): MissingEvidence {
  const more = unread.length > 1 ? ` and ${plural(unread.length - 1, 'other')}` : '';
  return {
    what: `what could not be read (${unread[0]}${more})`,
    remedy: 'take the capture again, as root',
  };
}

const CAPTURE = 'take a capture on the partition (transplant capture, or the script of capture --script)';

function treePart({ root }: Tree): MissingEvidence | undefined {
  if (root.children.length === 0 && root.properties.length === 0)
    return { what: 'the device tree', remedy: CAPTURE };
  const cpus = child(root, 'cpus')?.children ?? [];
  const hasCpu = cpus.some((node) => asString(property(node, 'device_type')?.value) === 'cpu');
  const hasRoot = ROOT_PROPERTIES.some((name) => property(root, name));
  if (hasCpu && hasRoot) return undefined;
  return { what: 'most of the device tree (it has no root properties or no CPU)', remedy: CAPTURE };
}

/** The root of every partition's tree has them. */
const ROOT_PROPERTIES = ['compatible', 'model', 'system-id', 'device_type'];

/** Seconds after which a log that begins there has lost the boot. */
const BOOT_SECONDS = 60;

const FROM_BOOT = 'take the log from the boot on: journalctl -k -b, or /var/log/messages';

/** What the log lacks. It covers a migration from its first step on, or all since the boot. */
function logPart({ after: { log } }: Evidence): readonly MissingEvidence[] {
  const [first] = log;
  if (!first)
    return [
      {
        what: 'a kernel log, or a capture from before the migration',
        remedy: 'add dmesg or journalctl -k -b as root, or --before',
      },
    ];
  const { migrations, others } = storyOf(log);
  const begun = migrations[0]?.steps.some(({ phase }) => phase === 'prepare' || phase === 'suspend');
  const fromBoot =
    others.some(({ name }) => name === 'boot') ||
    (!first.untimed && first.clock === undefined && first.seconds < BOOT_SECONDS);
  if (begun || fromBoot) return [];
  return [{ what: 'the beginning of the kernel log', remedy: FROM_BOOT }];
}
