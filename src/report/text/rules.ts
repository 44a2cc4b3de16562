import { fixesText, type Rule } from '../../verdict/index.ts';
import { severityMark } from './findings.ts';
import { type Paint, plain } from './paint.ts';
import { wrap } from './wrap.ts';

/** A list of rules: name, severity, why it matters, what to do, and the releases in which the defect is fixed. */
export function rulesToText(rules: readonly Rule[], paint: Paint = plain): string {
  const blocks = rules.map((rule) => [
    `${severityMark[rule.severity](paint)} ${paint.bold(rule.name)} ${paint.dim(`(${rule.severity})`)}`,
    ...wrap(rule.why, 76).map((line) => `    ${line}`),
    ...wrap(`do: ${rule.remedy}`, 76).map((line) => `    ${paint.green(line)}`),
    ...fixLines(rule, paint),
  ]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Rules as a table in Markdown, for docs/rules.md. */
export function rulesToMarkdown(rules: readonly Rule[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = rules.map(
    ({ name, severity, why, remedy, fixedIn }) =>
      `| \`${name}\` | ${severity} | ${cell(why)} | ${cell(remedy)} | ${cell(fixesText(fixedIn) ?? '–')} |`,
  );
  return `${['| rule | severity | meaning | what to do | fixed in |', '|---|---|---|---|---|', ...rows].join('\n')}\n`;
}

function fixLines({ fixedIn }: Rule, paint: Paint): readonly string[] {
  const text = fixesText(fixedIn);
  return text === null ? [] : wrap(`fixed in: ${text}`, 76).map((line) => paint.dim(`    ${line}`));
}
