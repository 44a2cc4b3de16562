import { describeValue } from '../../devicetree/index.ts';
import { longestWrite, printfFormat } from './ofdt.ts';
import type { Plan, PlanStep } from './plan.ts';

/** Breaks a text so that no line is longer than a width. */
type Wrap = (text: string, width: number) => readonly string[];

/**
 * A plan for people; names and values may hold any character.
 * @param wrap fits what is told to a terminal; commands and values stay whole
 */
export function planLines(
  { steps, unmendable, leftAlone, obstacles }: Plan,
  wrap: Wrap = (text) => [text],
): readonly string[] {
  const hang = (mark: string, text: string) =>
    wrap(text, 76 - mark.length).map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line);
  const sections: [title: string, lines: readonly string[]][] = [
    ['in the way', obstacles.flatMap((text) => hang('! ', text))],
    ['commands for /proc/ppc64/ofdt', steps.flatMap((step, index) => stepLines(step, index, hang))],
    [
      'not to be mended without a restart',
      unmendable.flatMap(({ subject, reason }) => [subject, ...hang('  ', reason)]),
    ],
  ];
  const body = sections.flatMap(([title, lines]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''],
  );
  const alone =
    leftAlone.length === 0
      ? []
      : [`left alone, being of this boot or hidden in a capture: ${leftAlone.length}`, ''];
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const summary =
    steps.length + unmendable.length === 0
      ? 'nothing to do'
      : `${count(steps.length, 'property')}`.replace(/propertys/, 'properties') +
        ` to write, ${unmendable.length === 0 ? 'nothing' : count(unmendable.length, 'difference')} beyond reach`;
  return [...body, ...alone, summary];
}

function stepLines(
  { path, name, from, to, write, warnings }: PlanStep,
  index: number,
  hang: (mark: string, text: string) => readonly string[],
): readonly string[] {
  const show = (value: Uint8Array | undefined) =>
    value === undefined ? '(absent)' : describeValue({ name, value }).text || '(empty)';
  return [
    `${index + 1}. ${path}:${name}`,
    `   is:     ${show(from)}`,
    `   wanted: ${show(to)}`,
    `   printf '${printfFormat(write)}' | dd obs=${longestWrite} > /proc/ppc64/ofdt`,
    ...warnings.flatMap((warning) => hang('   ! ', warning)),
  ];
}
