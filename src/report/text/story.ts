import type { MigrationStory, Story, ToldLine } from '../../verdict/index.ts';
import { logLine } from './log.ts';
import { type Paint, plain, plural, printable } from './paint.ts';
import { wrap } from './wrap.ts';

/** A log's migrations step by step, each line with what it means, in time order; then what else is known in it. */
export function storyToText(story: Story, { paint = plain }: { readonly paint?: Paint } = {}): string {
  return `${storyLines(story, paint).join('\n')}\n`;
}

export function storyLines({ migrations, others, lines }: Story, paint: Paint): readonly string[] {
  if (migrations.length === 0 && others.length === 0) return [`nothing known in ${plural(lines, 'line')}`];
  const sections = migrations.map((migration) => migrationLines(migration, paint));
  if (migrations.length === 0) sections.push(['no migration in this log']);
  if (others.length > 0)
    sections.push([paint.bold('outside of a migration'), ...others.flatMap((line) => told(line, paint))]);
  return sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}

function migrationLines(
  { number, headline, steps, afterwards }: MigrationStory,
  paint: Paint,
): readonly string[] {
  return [
    `${paint.bold(`migration ${number}`)}: ${headline}`,
    ...steps.flatMap((line) => told(line, paint)),
    ...(afterwards.length === 0
      ? []
      : [paint.bold('  afterwards'), ...afterwards.flatMap((line) => told(line, paint))]),
  ];
}

function told({ line, weight, meaning }: ToldLine, paint: Paint): readonly string[] {
  const colour = { step: paint.dim, notable: paint.cyan, trouble: paint.yellow }[weight];
  return [
    `  ${logLine(line, paint)}`,
    ...wrap(printable(meaning), 72).map((part) => `      ${colour(part)}`),
  ];
}
