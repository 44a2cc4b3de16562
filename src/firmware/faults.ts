import { InputError } from '../base/index.ts';
import { findByPath, type Tree } from '../devicetree/index.ts';
import { rtasFunctions } from '../papr/index.ts';

/** The faults by name, as `parseFault` takes them, each with a description in one line. */
export const faultNames = {
  busy: '-2, call again; the work area stays unchanged',
  'extended-delay': '9900, then 9901 up to 9905 when it is injected again; the work area stays unchanged',
  'hardware-error': '-1; the work area stays unchanged',
  'parameter-error': '-3; the work area stays unchanged',
  unusable: '-9003 from ibm,configure-connector on the first call for a node',
  'truncated-list': 'a list of nodes is cut in half: its operator counts more operands than follow',
  'missing-terminator': 'no zero word ends the lists; the old content of the page follows',
  'full-list': 'empty lists fill the page up to its end, as LoPAR allows, without room for the zero word',
  'add-count-in-words': 'an add counts words, as LoPAR says, not pairs, as PowerVM and Linux do',
  'unknown-phandle': 'a delete or update names a phandle that no node has (without a node: one more update)',
  'unknown-parent': 'an add names a parent phandle that no node has',
  'lost-add': 'an add is not sent',
  'lone-child': 'only one child of platform-facilities is deleted, and added under its attached parent',
  'empty-property-reply': 'ibm,update-properties answers with no descriptor at all, not even the path',
  'partial-first': 'a property that continues in the next reply is not the last of its work area',
  'next-child-siblings': 'each sibling is sent as a next child after a previous parent, as QEMU does',
} as const satisfies Readonly<Record<string, string>>;

/** Name of a fault. */
export type FaultName = keyof typeof faultNames;

/** A fault to inject: something that the firmware does wrong. */
export interface Fault {
  /** Its name. */
  readonly fault: FaultName;
  /**
   * Where: the name of an RTAS function, the path of a node, or its phandle (for a connector its drc index) in hex
   * digits. Absent: at the first place where it is possible. A status is injected into functions without a work area
   * (ibm,suspend-me, ibm,activate-firmware) only if they are named.
   */
  readonly at?: string;
  /** How often it is injected, in calls or messages. Absent: a status once, other faults without limit. */
  readonly times?: number;
  /** Whether the chooser decides each time about the injection. Its first option is not to inject. */
  readonly possible?: true;
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

const FORM =
  'name, name@function, name@/path/of/node or name@phandle; then optionally *times and ? (the search decides)';

/**
 * Reads `busy@ibm,update-nodes`, `busy@ibm,configure-connector*3`, `unusable@/ibm,platform-facilities`,
 * `unknown-parent`, `busy?`.
 * @throws InputError with the known names and places
 */
export function parseFault(text: string): Fault {
  const [, name = '', at, times, possible] = /^([^@*?]*)(?:@(.*?))?(?:\*(\d+))?(\?)?$/s.exec(text) ?? [];
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
    ...(possible !== undefined && { possible: true }),
  };
}

/** The text that `parseFault` reads. */
export function describeFault({ fault, at, times, possible }: Fault): string {
  return `${fault}${at === undefined ? '' : `@${at}`}${times === undefined ? '' : `*${times}`}${possible ? '?' : ''}`;
}

/**
 * Checks that the place of a fault exists. A path must be that of a node. A number may be any, because firmware can make it
 * up: a drc index, or a phandle that no node has.
 * @param trees the trees between which the partition migrates
 * @throws InputError for a path without a node: the fault could never be injected
 */
export function checkFault(fault: Fault, trees: readonly Tree[]): void {
  const { at } = fault;
  if (!at?.startsWith('/') || trees.some((tree) => findByPath(tree, at))) return;
  throw new InputError(
    `fault ${describeFault(fault)}: neither tree has such a node`,
    {},
    {
      hint: 'a path is complete, with unit addresses; list the paths of a tree with transplant show TREE --names',
    },
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
      `fault ${text}: ${at || 'nothing'} is no place for a fault`,
      {},
      { hint: `${FORM}; functions are ${known}` },
    );
  }
  if (!statusFaults.has(name) || (name === 'unusable' && at !== 'ibm,configure-connector')) {
    throw new InputError(`fault ${text}: ${name} belongs to one function; name a node or no place`);
  }
}
