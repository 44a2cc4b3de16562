import { plural } from '../../base/index.ts';
import { describeValue } from '../../devicetree/index.ts';
import { MAX_WRITE_BYTES, printfFormat } from './ofdt.ts';
import type { Plan, PlanStep } from './plan.ts';

/** Breaks a text into lines of at most `width` columns. */
export type WrapText = (text: string, width: number) => readonly string[];

/**
 * The lines of a plan for a terminal. Names and values may contain any character.
 * @param wrap wraps the prose; commands and values are not wrapped
 */
export function planLines(
  { steps, needsRestart, leftAlone, obstacles }: Plan,
  wrap: WrapText = (text) => [text],
): readonly string[] {
  const hang = (mark: string, text: string) =>
    wrap(text, 76 - mark.length).map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line);
  const sections: [title: string, lines: readonly string[]][] = [
    ['obstacles', obstacles.flatMap((text) => hang('! ', text))],
    ['commands for /proc/ppc64/ofdt', steps.flatMap((step, index) => stepLines(step, index, hang))],
    [
      'needs a restart of the partition',
      needsRestart.flatMap(({ subject, reason }) => [subject, ...hang('  ', reason)]),
    ],
  ];
  const body = sections.flatMap(([title, lines]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''],
  );
  const alone =
    leftAlone.length === 0
      ? []
      : [`left alone (set by this boot, or hidden in a capture): ${leftAlone.length}`, ''];
  const restart =
    needsRestart.length === 0
      ? 'no restart needed'
      : `${plural(needsRestart.length, 'difference')} ${needsRestart.length === 1 ? 'needs' : 'need'} a restart`;
  const summary =
    steps.length + needsRestart.length === 0
      ? 'nothing to do'
      : `${plural(steps.length, 'property')} to write, ${restart}`;
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
    `   printf '${printfFormat(write)}' | dd obs=${MAX_WRITE_BYTES} > /proc/ppc64/ofdt`,
    ...warnings.flatMap((warning) => hang('   ! ', warning)),
  ];
}
