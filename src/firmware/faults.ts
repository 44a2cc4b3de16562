import { InputError } from '../base/index.ts';
import { findByPath, type Tree } from '../devicetree/index.ts';
import { rtasFunctions } from '../papr/index.ts';

/** What each fault is, in one line; the names are what `parseFault` takes. */
export const faultNames = {
  busy: '-2, call again; the work area stays as it is',
  'extended-delay': '9900, one more at each further strike up to 9905; the work area stays as it is',
  'hardware-error': '-1; the work area stays as it is',
  'parameter-error': '-3; the work area stays as it is',
  unusable: '-9003 from ibm,configure-connector on the first call for a node',
  'truncated-list': 'a list of nodes ends half way: its operator counts more operands than follow',
  'missing-terminator': 'no zero word ends the lists: what follows is what the page held before',
  'full-list':
    'lists that do nothing run to the very end of the page, as LoPAR allows, with no room for the zero word',
  'add-count-in-words': 'an add counts its words, as LoPAR says, not its pairs, as PowerVM and Linux do',
  'unknown-phandle': 'a delete or update names a phandle that no node has (without a node: one more update)',
  'unknown-parent': 'an add names a parent phandle that no node has',
  'lost-add': 'an add never comes',
  'lone-child': 'of platform-facilities only one child is deleted, and added under its living parent',
  'empty-property-reply': 'ibm,update-properties answers with no descriptor at all, not even the path',
  'partial-first': 'a property that is continued in the next reply is not the last in its work area',
  'next-child-siblings': 'each sibling is told as a next child after a previous parent, as QEMU does',
} as const satisfies Readonly<Record<string, string>>;

export type FaultName = keyof typeof faultNames;

/** Something that firmware does wrong. */
export interface Fault {
  readonly fault: FaultName;
  /**
   * Where: the name of an RTAS function, the path of a node, or its phandle (or, for a connector, the drc index) in
   * hex digits. Absent: wherever it can strike first; a status never strikes suspend-me or activate-firmware unless named.
   */
  readonly at?: string;
  /** How often it strikes: a call or a message each. Absent: a status once, everything else whenever it can. */
  readonly times?: number;
  /** Whether the chooser decides each time, with not striking as its first way. */
  readonly perhaps?: true;
}

/** Faults that answer a call with a status, at any function. */
export const anyCallFaults: ReadonlySet<FaultName> = new Set([
  'busy',
  'extended-delay',
  'hardware-error',
  'parameter-error',
]);

/** Faults that answer a call with a status. `unusable` is injected only in the first `ibm,configure-connector` for a node. */
export const statusFaults: ReadonlySet<FaultName> = new Set([...anyCallFaults, 'unusable']);

const FORM = 'name, name@function, name@/path/of/node or name@phandle, then *times and ? (perhaps) if wanted';

/**
 * Reads `busy@ibm,update-nodes`, `busy@ibm,configure-connector*3`, `unusable@/ibm,platform-facilities`,
 * `unknown-parent`, `busy?`.
 * @throws InputError saying what is known
 */
export function parseFault(text: string): Fault {
  const [, name = '', at, times, perhaps] = /^([^@*?]*)(?:@(.*?))?(?:\*(\d+))?(\?)?$/s.exec(text) ?? [];
  if (!isFaultName(name)) {
    const known = Object.keys(faultNames).join(', ');
    throw new InputError(`no such fault: ${text}`, {}, { hint: `${FORM}; names are ${known}` });
  }
  if (at !== undefined) checkPlace(text, name, at);
  if (times !== undefined && (Number(times) < 1 || Number(times) > 1_000_000)) {
    throw new InputError(`fault ${text}: times must be from 1 to 1000000`);
  }
  return {
    fault: name,
    ...(at !== undefined && { at }),
    ...(times !== undefined && { times: Number(times) }),
    ...(perhaps !== undefined && { perhaps: true }),
  };
}

/** The text that `parseFault` reads. */
export function describeFault({ fault, at, times, perhaps }: Fault): string {
  return `${fault}${at === undefined ? '' : `@${at}`}${times === undefined ? '' : `*${times}`}${perhaps ? '?' : ''}`;
}

/**
 * Whether there is anything at the place that a fault names. A path must be that of a node; a number may also be one that
 * firmware makes up when it has to tell of something (a drc index, a phandle that no node has), so any may turn up.
 * @param trees those between which the partition goes
 * @throws InputError for the path of no node: the fault could never strike
 */
export function checkFault(fault: Fault, trees: readonly Tree[]): void {
  const { at } = fault;
  if (!at?.startsWith('/') || trees.some((tree) => findByPath(tree, at))) return;
  throw new InputError(
    `fault ${describeFault(fault)}: neither tree has such a node`,
    {},
    { hint: 'a path is whole, with unit addresses; transplant show TREE --names shows those of a tree' },
  );
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultNames, name);
}

function checkPlace(text: string, name: FaultName, at: string): void {
  if (at.startsWith('/') || /^(0x)?[0-9a-f]{1,8}$/i.test(at)) return;
  if (!Object.hasOwn(rtasFunctions, at)) {
    const known = Object.keys(rtasFunctions).join(', ');
    throw new InputError(
      `fault ${text}: ${at || 'nothing'} is no place`,
      {},
      { hint: `${FORM}; functions are ${known}` },
    );
  }
  if (!statusFaults.has(name) || (name === 'unusable' && at !== 'ibm,configure-connector')) {
    throw new InputError(`fault ${text}: ${name} has its own function, name a node or nothing`);
  }
}
