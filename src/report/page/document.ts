/**
 * The data of a report page: plain JSON, embedded in the HTML file and read by `viewer/`. Whatever needs knowledge of
 * kernels, firmware or RTAS encodings is computed here, when the page is made; the viewer only displays.
 */

import type { DriverState, RunEvent } from '../../partition/index.ts';
import type { Outcome, Severity } from '../../verdict/index.ts';

/** A report page. */
export interface PageDocument {
  readonly format: 'transplant-page';
  readonly version: 2;
  /** A `diff` shows two trees, without events and without a verdict. */
  readonly kind: 'run' | 'comparison' | 'audit' | 'diff';
  readonly title: string;
  readonly description: string;
  readonly runs: readonly PageRun[];
  /** The rules that have findings on this page, by name. */
  readonly rules: Readonly<Record<string, PageRule>>;
}

/** What the page says about a rule. */
export interface PageRule {
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  /** Releases in which the defect is fixed; null where it is in none. */
  readonly fixedIn: string | null;
}

/** One run, or one audited machine. */
export interface PageRun {
  /** Unique on the page: the run's policy. */
  readonly label: string;
  /** Where the run comes from: platform, firmware, faults. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** An audit in a few sentences, by label: what happened, whether it is damaged, what to do. */
  readonly summary?: readonly (readonly [label: string, texts: readonly string[]])[];
  readonly outcome: Outcome;
  /** The conclusion in one line. */
  readonly conclusion: string;
  /** In the order in which they occurred. */
  readonly events: readonly PageEvent[];
  readonly calls: readonly PageCall[];
  readonly tree: PageTree;
  readonly references: PageReferences;
  readonly devices: readonly PageDevice[];
  readonly drivers: readonly DriverState[];
  readonly findings: readonly PageFinding[];
  /** Number of lines that the migration added to the kernel log. */
  readonly logLines: number;
}

/** One event. */
export interface PageEvent {
  /** Unique in its run; links name the event by it. */
  readonly id: number;
  /** Since boot. */
  readonly seconds: number;
  readonly lane: RunEvent['lane'];
  readonly kind: string;
  readonly text: string;
  /** An explanation, where the text needs one. */
  readonly meaning?: string;
  /** Number of the node in the tree. */
  readonly node?: number;
  /** `PageCall.id` of the RTAS call. */
  readonly call?: number;
  /** The reference that was taken or dropped. */
  readonly change?: PageReferenceChange;
  /** `bad` for warnings, errors and refusals. */
  readonly weight?: 'bad';
}

/** A reference to a node that was taken or dropped. */
export interface PageReferenceChange {
  /** Index in `PageReferences.list`. */
  readonly reference: number;
  readonly who: string;
  readonly change: 1 | -1;
  /** The node's count afterwards; negative when saturated. */
  readonly count: number;
  /** What the kernel was doing. */
  readonly step: string;
}

/** An RTAS call: its argument block, and its work area before and after. */
export interface PageCall {
  /** Unique in its run. */
  readonly id: number;
  readonly title: string;
  readonly areas: readonly PageBytes[];
}

/** Bytes in memory, with the meaning of each range. */
export interface PageBytes {
  readonly title: string;
  /** Guest real address, where it is known. */
  readonly address?: number;
  /** Number of all bytes; those that `hex` omits at the end are zero. */
  readonly size: number;
  readonly hex: string;
  readonly ranges: readonly PageRange[];
}

/** The meaning of a range of bytes. */
export interface PageRange {
  readonly offset: number;
  readonly length: number;
  readonly meaning: string;
  readonly value: string;
}

/**
 * The state of a node, compared with the tree from before:
 * - `kept`: unchanged
 * - `updated`: in the tree before and after, a property differs
 * - `new`: attached during the run, even if a node was at the same path before
 * - `detached`: not in the tree, but still held
 * - `released`: not in the tree; not held, or not known to be held
 * - `lost`: described by firmware, but not in the tree
 */
export type NodeState = 'kept' | 'updated' | 'new' | 'detached' | 'released' | 'lost';

/** All states; `PageTree.states` are indices in it. */
export const nodeStates: readonly NodeState[] = ['kept', 'updated', 'new', 'detached', 'released', 'lost'];

/** One bit for each tree that may contain a node. */
export const presenceBit = { before: 1, after: 2, wanted: 4 } as const;

/**
 * The nodes of the trees before, after and wanted, merged by path: in preorder, the root is number 0. Stored in columns,
 * because a hundred thousand objects would be large and slow to parse.
 */
export interface PageTree {
  readonly names: readonly string[];
  /** Number of the parent; -1 for the root. */
  readonly parents: readonly number[];
  /** The trees that contain the node: sums of `presenceBit`. */
  readonly presence: readonly number[];
  /** State at the end: indices in `nodeStates`. */
  readonly states: readonly number[];
  /** 0 where the node has none. */
  readonly phandles: readonly number[];
  readonly properties: readonly (readonly PageProperty[])[];
  /** Whether a tree from before was observed. */
  readonly hasBefore: boolean;
  /** Whether an expected tree was given. */
  readonly hasWanted: boolean;
}

/** An unchanged property has its value in hex; a changed one the values after and before, `null` where it was absent. */
export type PageProperty =
  | readonly [name: string, value: string]
  | readonly [name: string, after: string | null, before: string | null];

/** The reference counts of all nodes that existed during the run, and their holders at the end. */
export interface PageReferences {
  readonly list: readonly PageReference[];
  /** Lists of holders, each stored once: most nodes have equal lists. */
  readonly holders: readonly (readonly HolderCount[])[];
  /** Paths of nodes that are in no tree of the page; node number -1 is the first of them. */
  readonly unlistedPaths: readonly string[];
}

/** A holder, and the number of references that it holds. */
export type HolderCount = readonly [who: string, count: number];

/** The reference count of one node. */
export type PageReference = readonly [
  /** Number in the tree; negative for a node of `unlistedPaths`. */
  node: number,
  /** 1 for the first node at its path. */
  generation: number,
  boot: 0 | 1,
  /** Index in `referenceStates`. */
  state: number,
  count: number,
  /** Index in `PageReferences.holders`. */
  holders: number,
];

/** The values of `NodeReferences.state`. */
export const referenceStates = ['attached', 'detached', 'released', 'never attached'] as const;

/** A device of the VIO bus. */
export interface PageDevice {
  readonly name: string;
  readonly driver: string | null;
  readonly driverBefore: string | null;
  /** Number of the node that its `of_node` link names; -1 without a link. */
  readonly node: number;
  readonly link: 'resolves' | 'dangling' | 'absent';
}

/** A finding of the verdict. */
export interface PageFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly message: string;
  readonly evidence: readonly string[];
  /** Whether the user allowed the rule, so that its findings do not count. */
  readonly allowed: boolean;
  /** `PageEvent.id`. */
  readonly event?: number;
  /** Number of the node in the tree. */
  readonly node?: number;
}
