import { plural, printable } from '../../base/index.ts';
import { type Rule, type Run, rules } from '../../verdict/index.ts';
import { neverInjectedFaults } from '../never-injected.ts';
import { type Paint, plain } from './paint.ts';
import { wrapStyled } from './wrap.ts';

/**
 * What every comparison shows, found or not: the costs that the policies were argued about. Under headings short enough
 * for seven of them in a terminal.
 */
const columns: ReadonlyMap<string, string> = new Map([
  ['use-after-free', 'use-after-free'],
  ['lost-node', 'lost node'],
  ['dangling-link', 'dangling link'],
  ['stale-property', 'stale property'],
  ['client-failed', 'failed client'],
]);

/**
 * Runs of one scenario under several policies as a table: a row for each policy, with what it costs and how many lines
 * it puts into the log. What else was found is told below it.
 */
export function comparisonToText(runs: readonly Run[], paint: Paint = plain): string {
  const shown = Array.from(columns.keys()).flatMap((name) => rules.filter((rule) => rule.name === name));
  const header = ['policy', ...columns.values(), 'log lines', ''];
  const rows = runs.map((run) => [
    run.policy,
    ...shown.map((rule) => String(count(run, rule))),
    String(run.after.log.length - run.before.log.length),
    run.verdict.outcome,
  ]);
  const rest = runs.flatMap((run) => {
    const found = others(run).map((rule) => plural(count(run, rule), rule.title));
    if (found.length === 0) return [];
    return wrapStyled(run.policy, ` also: ${found.join(', ')}`, plain.bold).map(paint.dim);
  });
  const below = [...rest, ...neverInjectedLines(runs).map(paint.yellow)];
  return `${[...table(header, rows, paint), '', ...below, ...(below.length > 0 ? [''] : []), ...summary(runs, paint)].join('\n')}\n`;
}

/** Faults that struck under none, or not under all of the policies: then the rows tell of different firmware. */
function neverInjectedLines(runs: readonly Run[]): readonly string[] {
  const faults = Array.from(new Set(runs.flatMap(neverInjectedFaults)));
  return faults.flatMap((fault) => {
    const policies = runs.flatMap((run) => (neverInjectedFaults(run).includes(fault) ? [run.policy] : []));
    const where = policies.length === runs.length ? '' : ` under ${policies.join(', ')}`;
    return wrapStyled(printable(`fault ${fault}`), ` did not strike${where}`, plain.bold);
  });
}

function others(run: Run): readonly Rule[] {
  return rules.filter((rule) => !columns.has(rule.name) && count(run, rule) > 0);
}

function count({ verdict }: Run, rule: Rule): number {
  return verdict.findings.filter((finding) => finding.rule === rule.name).length;
}

/** Titles stand above their columns, broken at spaces and hyphens, so that the table fits a terminal. */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const words = header.map((title) => title.match(/[^ -]+-?/g) ?? ['']);
  const height = Math.max(...words.map((list) => list.length));
  const widths = words.map((list, at) =>
    Math.max(...list.map((word) => word.length), ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[], dress: (cell: string, at: number) => string) =>
    cells
      .map((cell, at) => {
        const isText = at === 0 || at === cells.length - 1;
        const width = widths[at] ?? 0;
        return dress(isText ? cell.padEnd(width) : cell.padStart(width), at);
      })
      .join('  ')
      .trimEnd();
  const heads = Array.from({ length: height }, (_, row) =>
    line(
      words.map((list) => list[row - (height - list.length)] ?? ''),
      (cell) => paint.bold(cell),
    ),
  );
  const colour = { safe: paint.green, stale: paint.yellow, damaged: paint.red } as const;
  const body = rows.map((row) => {
    const outcome = row.at(-1) as keyof typeof colour;
    return line(row, (cell, at) => {
      if (at === row.length - 1) return colour[outcome](cell);
      return cell.trim() === '0' ? paint.dim(cell) : cell;
    });
  });
  return [...heads, ...body];
}

function summary(runs: readonly Run[], paint: Paint): readonly string[] {
  const safe = runs.filter((run) => run.verdict.outcome === 'safe').map((run) => run.policy);
  if (safe.length === 0) return [paint.red('no policy is safe for this scenario')];
  const left = runs.length - safe.length;
  const others = left === 0 ? '' : ` (${plural(left, 'policy')} not)`;
  return wrapStyled('safe', `: ${safe.join(', ')}${others}`, paint.green);
}
