import { plural, printable } from '../../base/index.ts';
import { findByPath } from '../../devicetree/index.ts';
import type { Run, WorkloadResult } from '../../verdict/index.ts';
import { neverInjectedFaults } from '../never-injected.ts';
import { deviceLines } from './devices.ts';
import { conclusion, findingLines } from './findings.ts';
import { hierarchy } from './hierarchy.ts';
import { ledgerLines } from './ledger.ts';
import { logLines } from './log.ts';
import { type Paint, plain } from './paint.ts';
import { wrap, wrapStyled } from './wrap.ts';

/** Options of `runToText`. */
export interface RunTextOptions {
  readonly paint?: Paint;
  /** Show the reference counts of all nodes, not only of damaged ones. */
  readonly ledger?: boolean;
}

/** A run, for a terminal: log, tree, devices, reference counts, findings; the verdict is last. */
export function runToText(
  run: Run,
  { paint = plain, ledger: wholeLedger = false }: RunTextOptions = {},
): string {
  const { after, before, verdict } = run;
  const sections: [title: string, lines: readonly string[]][] = [
    [
      'firmware',
      neverInjectedFaults(run).map((fault) => paint.yellow(printable(`fault ${fault} was never injected`))),
    ],
    ['reconciler', reconciler(run, paint)],
    ['kernel log', logLines(after.log.slice(before.log.length), paint)],
    ['workload', run.workload.flatMap((result) => workload(result, paint))],
    ['live tree', liveTree(run, paint)],
    ['VIO bus', deviceLines(after.devices, paint)],
    ['reference counts', ledgerLines(run, paint, wholeLedger)],
    ['findings', findingLines(verdict, paint)],
  ];
  const faults = run.faults.length > 0 ? `, faults ${run.faults.join(' ')}` : '';
  const about = `: Linux ${after.platform.release}, ${after.platform.description}, policy ${policyOf(run)}, firmware ${run.firmware}${faults}`;
  const title = wrapStyled(printable(run.name), printable(about), paint.bold);
  const body = sections.flatMap(([name, lines]) =>
    lines.length === 0 ? [] : ['', paint.cyan(name), ...lines.map((line) => `  ${line}`)],
  );
  return `${[...title, ...body, '', conclusion(verdict, paint)].join('\n')}\n`;
}

/** The policy; with a reconciler also the kernel's own. */
function policyOf({ policy, after }: Run): string {
  return policy === 'reconcile' ? `reconcile (kernel: ${after.platform.policy})` : after.platform.policy;
}

/** Notes that are listed; the remainder is counted. */
const MAX_NOTES = 40;

/** Messages that the reconciler changed, withheld or could not deliver. */
function reconciler({ notes }: Run, paint: Paint): readonly string[] {
  const lines = notes
    .slice(0, MAX_NOTES)
    .flatMap(({ kind, subject, text }) => wrap(printable(`${kind}: ${subject}: ${text}`), 76));
  const omitted = notes.length - MAX_NOTES;
  return omitted > 0 ? [...lines, paint.dim(`… ${plural(omitted, 'more note')}; --json has all`)] : lines;
}

function workload({ verb, path, text, errno }: WorkloadResult, paint: Paint): readonly string[] {
  const [first = '', ...more] = wrap(`${verb} ${printable(path)}: ${printable(errno ?? text)}`, 76);
  const style = (line: string) => (errno === undefined ? line : line.replace(errno, paint.red));
  return [first, ...more.map((line) => `  ${line}`)].map(style);
}

/** The subtree of each child of the root that has children in the source or the destination tree. */
function liveTree(run: Run, paint: Paint): readonly string[] {
  const names = new Set<string>();
  for (const tree of [run.source, run.destination])
    for (const node of tree.root.children) if (node.children.length > 0) names.add(node.name);
  return Array.from(names).flatMap((name) => {
    const node = findByPath(run.after.tree, `/${name}`);
    const path = `/sys/firmware/devicetree/base/${name}`;
    return node ? hierarchy(path, node, paint) : [`${printable(path)}: not in the tree`];
  });
}
