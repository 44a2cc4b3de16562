import { plural, printable } from '../../base/index.ts';
import type { LogLine } from '../../partition/index.ts';
import { eventsIn, type LogEvent, type MigrationStory, type Story } from '../../verdict/index.ts';
import { logLine } from './log.ts';
import { type Paint, plain } from './paint.ts';
import { wrap } from './wrap.ts';

/** The migrations of a log, each known line with its meaning in the order of time; then the known lines outside of migrations. */
export function storyToText(story: Story, { paint = plain }: { readonly paint?: Paint } = {}): string {
  return `${storyLines(story, paint).join('\n')}\n`;
}

/** The lines of `storyToText`. */
export function storyLines(story: Story, paint: Paint): readonly string[] {
  const { migrations, others, lines } = story;
  if (migrations.length === 0 && others.length === 0) return [`no known line among ${plural(lines, 'line')}`];
  // A log without timestamps, such as one quoted in a mail, is printed without them.
  const timed = eventsIn(story).some(({ line }) => line.seconds !== 0);
  const lineOf = (line: LogLine) => (timed ? logLine(line, paint) : printable(line.text));
  const explained = (event: LogEvent) => explainedLine(event, lineOf, paint);
  const sections = migrations.map((migration) => migrationLines(migration, explained, paint));
  if (migrations.length === 0) sections.push(['no migration in this log']);
  if (others.length > 0) sections.push([paint.bold('outside of a migration'), ...others.flatMap(explained)]);
  return sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}

function migrationLines(
  { number, headline, steps, afterwards }: MigrationStory,
  explained: (event: LogEvent) => readonly string[],
  paint: Paint,
): readonly string[] {
  return [
    `${paint.bold(`migration ${number}`)}: ${headline}`,
    ...steps.flatMap(explained),
    ...(afterwards.length === 0 ? [] : [paint.bold('  afterwards'), ...afterwards.flatMap(explained)]),
  ];
}

function explainedLine(
  { line, weight, meaning }: LogEvent,
  lineOf: (line: LogLine) => string,
  paint: Paint,
): readonly string[] {
  const colour = { step: paint.dim, notable: paint.cyan, harmless: paint.green, trouble: paint.yellow }[
    weight
  ];
  return [`  ${lineOf(line)}`, ...wrap(printable(meaning), 72).map((part) => `      ${colour(part)}`)];
}
