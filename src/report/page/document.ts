/**
 * What a report page is made of: plain JSON, embedded in the page, read by `viewer/`. Everything that needs to know
 * kernels, firmware or bytes on the wire is worked out here, when the page is made; the viewer only shows.
 */

import type { DriverState, RunEvent } from '../../partition/index.ts';
import type { Outcome, Severity } from '../../verdict/index.ts';

export interface PageDocument {
  readonly format: 'transplant-page';
  readonly version: 1;
  /** `diff`: two trees, nothing that happened and nobody who judges. */
  readonly kind: 'run' | 'comparison' | 'audit' | 'diff';
  readonly title: string;
  readonly description: string;
  readonly runs: readonly PageRun[];
  /** Of the rules that found something, by name. */
  readonly rules: Readonly<Record<string, PageRule>>;
}

export interface PageRule {
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly fixedIn: string | null;
}

export interface PageRun {
  /** What tells it from the others on the page: its policy. */
  readonly label: string;
  /** What is known of where it comes from, for people: platform, firmware, faults. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly outcome: Outcome;
  /** The conclusion in one line. */
  readonly conclusion: string;
  readonly events: readonly PageEvent[];
  readonly calls: readonly PageCall[];
  readonly tree: PageTree;
  readonly references: PageReferences;
  readonly devices: readonly PageDevice[];
  readonly drivers: readonly DriverState[];
  readonly findings: readonly PageFinding[];
  /** Lines that the migration added to the kernel log. */
  readonly logLines: number;
}

/** One thing that happened. */
export interface PageEvent {
  readonly seconds: number;
  readonly lane: RunEvent['lane'];
  readonly kind: string;
  readonly text: string;
  /** What it means, where the text alone does not say. */
  readonly meaning?: string;
  /** Number of the node in the tree. */
  readonly node?: number;
  /** Index in `calls`. */
  readonly call?: number;
  /** A reference that was taken or given back. */
  readonly change?: PageReferenceChange;
  /** `bad` for warnings and refusals, which the time line shows as such. */
  readonly weight?: 'bad';
}

export interface PageReferenceChange {
  /** Index in `PageReferences.list`. */
  readonly reference: number;
  readonly who: string;
  readonly change: 1 | -1;
  /** The count afterwards. */
  readonly count: number;
  /** What the kernel was doing. */
  readonly step: string;
}

/** An RTAS call: its argument block and its work area before and after, each with what its bytes mean. */
export interface PageCall {
  readonly title: string;
  readonly areas: readonly PageBytes[];
}

export interface PageBytes {
  readonly title: string;
  /** Guest real address, where it is known. */
  readonly address?: number;
  /** Bytes of the whole; what `hex` leaves out at the end is zeros. */
  readonly size: number;
  readonly hex: string;
  readonly ranges: readonly PageRange[];
}

export interface PageRange {
  readonly offset: number;
  readonly length: number;
  readonly meaning: string;
  readonly value: string;
}

/**
 * What became of a node:
 * - `kept`: as it was
 * - `updated`: there before and after, a property differs
 * - `new`: attached anew, whether or not one like it stood there before
 * - `detached`: out of the tree, and somebody holds it
 * - `released`: out of the tree, and nobody holds it or nobody can tell
 * - `lost`: not there although firmware describes it
 */
export type NodeState = 'kept' | 'updated' | 'new' | 'detached' | 'released' | 'lost';

export const nodeStates: readonly NodeState[] = ['kept', 'updated', 'new', 'detached', 'released', 'lost'];

/** The trees that a node is part of, as bits of `PageTree.places`. */
export const presenceBit = { before: 1, after: 2, wanted: 4 } as const;

/**
 * All nodes of the trees before, after and wanted, laid over each other by path: preorder, the root being 0. Columns and
 * not objects, so that a hundred thousand nodes stay small and quick to read.
 */
export interface PageTree {
  readonly names: readonly string[];
  /** Number of the parent; -1 for the root. */
  readonly parents: readonly number[];
  /** Sums of `place`. */
  readonly presence: readonly number[];
  /** Indices in `fates`. */
  readonly states: readonly number[];
  /** 0 where there is none. */
  readonly phandles: readonly number[];
  readonly properties: readonly (readonly PageProperty[])[];
  /** Whether there was something to compare with. */
  readonly hasBefore: boolean;
  readonly hasWanted: boolean;
}

/** Name, value in hex, and, where the node had another value before, that one; `null` where it had or has none. */
export type PageProperty =
  | readonly [name: string, value: string]
  | readonly [name: string, after: string | null, before: string | null];

/** Everything that came to stand at a path, and who holds it in the end. Lists of holders are shared: most are alike. */
export interface PageReferences {
  readonly list: readonly PageReference[];
  readonly holders: readonly (readonly HolderCount[])[];
  /** Paths of nodes that are in no tree; the node -1 is the first of them. */
  readonly unlistedPaths: readonly string[];
}

export type HolderCount = readonly [who: string, count: number];

export type PageReference = readonly [
  /** Number in the tree, or negative: -1 is the first of `strays`. */
  node: number,
  /** 1 is the first at its path. */
  generation: number,
  boot: 0 | 1,
  /** Index in `referenceStates`. */
  state: number,
  count: number,
  /** Index in `PageReferences.holders`. */
  holders: number,
];

export const referenceStates = ['attached', 'detached', 'released', 'never attached'] as const;

export interface PageDevice {
  readonly name: string;
  readonly driver: string | null;
  readonly driverBefore: string | null;
  /** Number of the node that its `of_node` names, -1 where it names none. */
  readonly node: number;
  readonly link: 'resolves' | 'dangling' | 'absent';
}

export interface PageFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly message: string;
  readonly evidence: readonly string[];
  /** Whether the user said that its rule does not count. */
  readonly allowed: boolean;
  /** Index in `moments`. */
  readonly event?: number;
  readonly node?: number;
}
