import { printable } from '../../base/index.ts';
import type { Audit, ServerChange } from '../../verdict/index.ts';
import { deviceLines } from './devices.ts';
import { conclusion, findingLines } from './findings.ts';
import { type Paint, plain } from './paint.ts';
import { storyLines } from './story.ts';
import { wrap, wrapStyled } from './wrap.ts';

/** An audit of a captured machine, for a terminal: story, VIO bus, findings; the verdict is last. */
export function auditToText(
  { name, observation, compared, server, story, verdict }: Audit,
  { paint = plain }: { readonly paint?: Paint } = {},
): string {
  const { platform, unread } = observation;
  const about = [
    platform.release === '' ? 'kernel unknown' : `kernel ${platform.release}`,
    `policy ${platform.policy}`,
    platform.description,
  ];
  const sections: [title: string, lines: readonly string[]][] = [
    ['story', observation.log.length === 0 ? ['no kernel log'] : storyLines(story, paint)],
    ['server', server ? serverLines(server, paint) : []],
    ['VIO bus', deviceLines(observation.devices, paint)],
    ['not read', unread.map((line) => paint.yellow(printable(line)))],
    ['findings', findingLines(verdict, paint, { remedies: true })],
  ];
  const body = sections.flatMap(([title, lines]) =>
    lines.length === 0
      ? []
      : ['', paint.cyan(title), ...lines.map((line) => (line === '' ? '' : `  ${line}`))],
  );
  const clean = compared.wanted ? undefined : NO_EXPECTED_TREE;
  const title = wrapStyled(printable(name), `: ${printable(about.join(', '))}`, paint.bold);
  return `${[...title, ...body, '', `${conclusion(verdict, paint, clean)}`].join('\n')}\n`;
}

/** Whether it is another server than before, what proves it, and what differs there. */
function serverLines({ outcome, proof, changes }: ServerChange, paint: Paint): readonly string[] {
  const what = {
    'another server': 'the partition is on another server than before',
    'same server': 'the partition is on the same server as before',
    unknown: 'neither capture says on which server it was taken',
  }[outcome];
  return [
    paint.bold(what),
    ...proof.flatMap((line) => wrap(printable(line), 72).map((part) => `  ${part}`)),
    ...changes.flatMap(({ what, evidence, takenIn }) => [
      `changed: ${what}`,
      ...evidence.flatMap((line) => wrap(printable(line), 70).map((part) => `    ${part}`)),
      ...wrap(printable(takenIn), 72).map((part) => `  ${paint.dim(part)}`),
    ]),
  ];
}

/** The conclusion of an audit without findings and without an expected tree. */
export const NO_EXPECTED_TREE =
  ': no damage found; no expected tree given (--wanted), so properties were not checked';
