import { plural, printable } from '../../base/index.ts';
import type { NodeReferences, ReferenceChange } from '../../partition/index.ts';
import type { Run } from '../../verdict/index.ts';
import { type Paint, plain } from './paint.ts';
import { wrap } from './wrap.ts';

/** Nodes that are listed unless all are requested. */
const MAX_NODES = 12;

/**
 * Reference counts by step: what the kernel was doing, who took (+) or dropped (−) a reference, the count afterwards, and
 * the holders at the end.
 * @param whole all nodes; otherwise only those whose count is wrong, or that are detached and still held
 */
export function ledgerLines(run: Run, paint: Paint, whole: boolean): readonly string[] {
  const shown = (run.after.references ?? []).filter((node) => whole || isAffected(node));
  const changesOf = new Map<string, ReferenceChange[]>();
  for (const change of run.ledger) {
    const key = keyOf(change);
    const known = changesOf.get(key);
    if (known) known.push(change);
    else changesOf.set(key, [change]);
  }
  const lines = shown
    .slice(0, whole ? shown.length : MAX_NODES)
    .flatMap((node) => nodeLines(node, changesOf.get(keyOf(node)) ?? [], paint, whole));
  const omitted = whole ? 0 : shown.length - MAX_NODES;
  return omitted > 0 ? [...lines, paint.dim(`… ${plural(omitted, 'more node')}; --ledger shows all`)] : lines;
}

function isAffected({ state, count, boot }: NodeReferences): boolean {
  return (
    count < 0 ||
    state === 'never attached' ||
    (state === 'detached' && count > 0) ||
    (state === 'released' && boot)
  );
}

const keyOf = ({ path, generation }: { path: string; generation: number }) => `${generation} ${path}`;

function nodeLines(
  node: NodeReferences,
  changes: readonly ReferenceChange[],
  paint: Paint,
  whole: boolean,
): readonly string[] {
  const kind = `${node.boot ? 'boot' : 'dynamic'} node${node.generation > 1 ? `, generation ${node.generation}` : ''}`;
  const lines = [`${paint.bold(printable(node.path))} ${paint.dim(`(${kind})`)}`];
  let step = '';
  let last: number | undefined;
  for (const change of withoutBalancedLookups(changes)) {
    if (change.step !== step) {
      lines.push(`  ${printable(change.step)}`);
      if (whole)
        lines.push(paint.dim(`  ${formatCount(last ?? change.count - change.change, plain)}  before`));
    }
    step = change.step;
    last = change.count;
    const sign = change.change > 0 ? '+' : '−';
    lines.push(`  ${formatCount(change.count, paint)}  ${sign} ${printable(change.who)}`);
  }
  const holders = node.holders.map(({ who, count }) => (count === 1 ? who : `${who} × ${count}`));
  const held = holders.length === 0 ? 'no holders' : `held by ${holders.join(', ')}`;
  const [first = '', ...rest] = wrap(printable(held), 72 - countText(node).length);
  lines.push(`  ${count(node, paint)}: ${first}`, ...wrap(rest.join(' '), 70).map((line) => `      ${line}`));
  return lines;
}

function formatCount(count: number, paint: Paint): string {
  return count < 0 ? paint.red('saturated') : String(count).padStart(9);
}

/**
 * Omits the lookups that take a reference and drop it immediately: there are hundreds. The first ones after the count became
 * wrong are kept, because they are the defect.
 */
function withoutBalancedLookups(changes: readonly ReferenceChange[]): readonly ReferenceChange[] {
  const kept: ReferenceChange[] = [];
  for (const change of changes) {
    const last = kept.at(-1);
    const isUndone = last?.who === change.who && last.change === 1 && change.change === -1;
    const wasBad = change.count < 0 && (kept.at(-2)?.count ?? 0) >= 0;
    if (isUndone && last.step === change.step && !wasBad) kept.pop();
    else kept.push(change);
  }
  return kept;
}

function countText({ state, count }: NodeReferences): string {
  return `${state}, count ${count < 0 ? 'saturated' : count}`;
}

function count(node: NodeReferences, paint: Paint): string {
  if (node.count < 0) return paint.red(countText(node));
  return node.state === 'attached' ? countText(node) : paint.yellow(countText(node));
}
