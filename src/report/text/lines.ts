import type { KnownLine } from '../../verdict/index.ts';

/** The known lines as a table in Markdown, for docs/field.md: one row for each file that prints them. */
export function linesToMarkdown(lines: readonly KnownLine[]): string {
  const sources = Array.from(new Set(lines.map(({ source }) => source)));
  const rows = sources.map((source) => {
    const own = lines.filter((line) => line.source === source);
    const of = (...weights: readonly KnownLine['weight'][]) =>
      own
        .filter(({ weight }) => weights.includes(weight))
        .map(({ name }) => `\`${name}\``)
        .join(', ') || '–';
    return `| ${source} | ${of('step', 'notable')} | ${of('harmless')} | ${of('trouble')} |`;
  });
  return `${['| printed by | step or notable | harmless | trouble |', '|---|---|---|---|', ...rows].join('\n')}\n`;
}
