import { plural, printable } from '../../base/index.ts';
import { type Rule, type Run, rules } from '../../verdict/index.ts';
import { neverInjectedFaults } from '../never-injected.ts';
import { type Paint, plain } from './paint.ts';
import { columns, padEnd, padStart } from './width.ts';
import { wrapStyled } from './wrap.ts';

/**
 * Rules that have a column in every comparison, by name: the effects that were discussed on linuxppc-dev. Their headings
 * are short, so that the table fits a terminal.
 */
const ruleColumns: ReadonlyMap<string, string> = new Map([
  ['use-after-free', 'use-after-free'],
  ['lost-node', 'lost node'],
  ['dangling-link', 'dangling link'],
  ['stale-property', 'stale property'],
  ['client-failed', 'failed client'],
]);

/**
 * Runs of one scenario under several policies as a table: a row for each policy, with its findings by rule and the number
 * of lines that it adds to the log. Findings of other rules are listed below the table.
 */
export function comparisonToText(runs: readonly Run[], paint: Paint = plain): string {
  const shown = Array.from(ruleColumns.keys()).flatMap((name) => rules.filter((rule) => rule.name === name));
  const header = ['policy', ...ruleColumns.values(), 'log lines', ''];
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

/** Faults that were not injected under all policies: these rows were made with different firmware behaviour. */
function neverInjectedLines(runs: readonly Run[]): readonly string[] {
  const faults = Array.from(new Set(runs.flatMap(neverInjectedFaults)));
  return faults.flatMap((fault) => {
    const policies = runs.flatMap((run) => (neverInjectedFaults(run).includes(fault) ? [run.policy] : []));
    const noun = policies.length === 1 ? 'policy' : 'policies';
    const where = policies.length === runs.length ? '' : ` under ${noun} ${policies.join(', ')}`;
    return wrapStyled(printable(`fault ${fault}`), ` was never injected${where}`, plain.bold);
  });
}

function others(run: Run): readonly Rule[] {
  return rules.filter((rule) => !ruleColumns.has(rule.name) && count(run, rule) > 0);
}

function count({ verdict }: Run, rule: Rule): number {
  return verdict.findings.filter((finding) => finding.rule === rule.name).length;
}

/** A table whose titles are broken at spaces and hyphens, so that it fits a terminal. Numbers are aligned on the right. */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const titles = header.map((title) => title.match(/[^ -]+-?/g) ?? ['']);
  const height = Math.max(...titles.map((list) => list.length));
  const widths = titles.map((words, at) =>
    Math.max(...words.map(columns), ...rows.map((row) => columns(row[at] ?? ''))),
  );
  const line = (cells: readonly string[], style: (cell: string, at: number) => string) =>
    cells
      .map((cell, at) => {
        const isText = at === 0 || at === cells.length - 1;
        const width = widths[at] ?? 0;
        return style(isText ? padEnd(cell, width) : padStart(cell, width), at);
      })
      .join('  ')
      .trimEnd();
  const heads = Array.from({ length: height }, (_, row) =>
    line(
      titles.map((words) => words[row - (height - words.length)] ?? ''),
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
  const others = left === 0 ? '' : ` (not safe: ${plural(left, 'policy')})`;
  return wrapStyled('safe', `: ${safe.join(', ')}${others}`, paint.green);
}
