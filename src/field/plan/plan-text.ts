import { describeValue } from '../../devicetree/index.ts';
import { longestWrite, printfFormat } from './ofdt.ts';
import type { Plan, PlanStep } from './plan.ts';

/** A plan for people; names and values may hold any character. */
export function planLines({ steps, unmendable, leftAlone, obstacles }: Plan): readonly string[] {
  const sections: [title: string, lines: readonly string[]][] = [
    ['in the way', obstacles.map((text) => `! ${text}`)],
    ['commands for /proc/ppc64/ofdt', steps.flatMap(stepLines)],
    [
      'not to be mended without a restart',
      unmendable.flatMap(({ subject, reason }) => [subject, `  ${reason}`]),
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

function stepLines({ path, name, from, to, write, warnings }: PlanStep, index: number): readonly string[] {
  const show = (value: Uint8Array | undefined) =>
    value === undefined ? '(absent)' : describeValue({ name, value }).text || '(empty)';
  return [
    `${index + 1}. ${path}:${name}`,
    `   is:     ${show(from)}`,
    `   wanted: ${show(to)}`,
    `   printf '${printfFormat(write)}' | dd obs=${longestWrite} > /proc/ppc64/ofdt`,
    ...warnings.map((warning) => `   ! ${warning}`),
  ];
}
