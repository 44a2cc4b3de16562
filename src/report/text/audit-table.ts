import { plural } from '../../base/index.ts';
import type { Audit } from '../../verdict/index.ts';
import { type Paint, plain } from './paint.ts';
import { table } from './table.ts';

/** A capture that could not be audited. */
export interface NotAudited {
  readonly name: string;
  readonly error: string;
}

/** Several audits, one row each, for a terminal. */
export function auditsToTable(
  audits: readonly (Audit | NotAudited)[],
  { paint = plain }: { readonly paint?: Paint } = {},
): string {
  const rows = audits.map((one) => ('error' in one ? [one.name, '-', '-', '-', one.error] : row(one)));
  const header = ['capture', 'kernel', 'verdict', 'last migration', 'findings'];
  return `${table(header, rows, paint).join('\n')}\n`;
}

function row({ name, observation, story, verdict }: Audit): readonly string[] {
  const { findings, allowed } = verdict;
  const counted = findings.filter(({ rule }) => !allowed.includes(rule));
  const rules = new Set(counted.map(({ rule }) => rule));
  const gaps = observation.unread.length > 0 ? [`${plural(observation.unread.length, 'gap')}`] : [];
  return [
    name,
    observation.platform.release || 'unknown',
    verdict.outcome,
    story.migrations.at(-1)?.outcome ?? 'none in the log',
    [...rules, ...gaps].join(', ') || 'none',
  ];
}
