import { printable } from '../../base/index.ts';
import { type Audit, type Summary, summaryOf } from '../../verdict/index.ts';
import { type Paint, plain } from './paint.ts';
import { wrap } from './wrap.ts';

/** Widths of the labels and of the text next to them, in columns. */
const [LABEL_WIDTH, TEXT_WIDTH] = [12, 66];

/** Each part of a summary with its label and the lines that it may take: with the heading they are 20. */
const parts: readonly (readonly [
  label: string,
  lines: number,
  textsOf: (summary: Summary) => readonly string[],
])[] = [
  [
    'happened',
    5,
    ({ happened }) => happened.map(({ when, what }) => (when === undefined ? what : `${when}: ${what}`)),
  ],
  ['damaged', 3, damageTexts],
  ['restart', 1, ({ restart, outcome }) => [restartText(restart, outcome)]],
  ['do', 5, actionTexts],
  ['fixed in', 4, fixTexts],
];

/** The summary of an audit as label and texts, for pages. */
export function summaryRows(
  audit: Omit<Audit, 'compared'>,
): readonly (readonly [label: string, texts: readonly string[]])[] {
  const summary = summaryOf(audit);
  return parts
    .map(([label, , textsOf]) => [label, textsOf(summary)] as const)
    .filter(([, texts]) => texts.length > 0);
}

/** The summary of an audit for a terminal or a mail: at most 20 lines of 78 columns. */
export function summaryToText(audit: Audit, { paint = plain }: { readonly paint?: Paint } = {}): string {
  const summary = summaryOf(audit);
  const { release, description } = audit.observation.platform;
  const about = `kernel ${release === '' ? 'unknown' : release}, ${description}`;
  const lines = parts.flatMap(([label, most, textsOf]) => {
    const texts = textsOf(summary).flatMap((text) => wrap(printable(text), TEXT_WIDTH));
    const shown = texts.length > most ? [...texts.slice(0, most - 1), '…'] : texts;
    return shown.map((text, at) => paint.bold((at === 0 ? label : '').padEnd(LABEL_WIDTH)) + text);
  });
  return `${[cut(printable(audit.name)), cut(printable(about)), ...lines].join('\n')}\n`;
}

function cut(text: string): string {
  return text.length > 78 ? `${text.slice(0, 77)}…` : text;
}

function damageTexts({ outcome, findings, allowed }: Summary): readonly string[] {
  const counts = findings.join(', ');
  const except = allowed.length === 0 ? '' : `; allowed: ${allowed.join(', ')}`;
  switch (outcome) {
    case 'damaged':
      return [`yes: ${counts}${except}`];
    case 'stale':
      return [`no, but it keeps values of its old server: ${counts}${except}`];
    case 'safe':
      return [`no${except}`];
    case 'inconclusive':
      return [`unknown: none was found, but evidence is missing${except}`];
  }
}

function restartText(restart: Summary['restart'], outcome: Summary['outcome']): string {
  if (restart !== 'unknown')
    return `${restart}${restart === 'no' && outcome !== 'safe' ? ', not for what was found' : ''}`;
  return 'unknown';
}

function actionTexts({ actions, missing, outcome }: Summary): readonly string[] {
  const get = missing.map(({ what, remedy }) => `provide ${what}: ${remedy}`);
  if (actions.length > 0) return actions;
  return outcome === 'safe' && get.length === 0 ? ['nothing'] : get;
}

function fixTexts({ fixes, findings }: Summary): readonly string[] {
  if (fixes.length === 0 && findings.length > 0) return ['no release is known'];
  return fixes.map(({ what, fixedIn }) => `${what}: ${fixedIn}`);
}
