import { printable } from '../../base/index.ts';
import { type Paint, plain } from './paint.ts';
import { wrap } from './wrap.ts';

/** A requirement of the lab; see `doctor` in `src/lab/`. */
interface Check {
  readonly name: string;
  readonly state: 'ok' | 'missing' | 'note';
  readonly text: string;
  readonly hint?: string;
}

/** The requirements of the lab, each after a mark, followed by its hint. */
export function checksToText(checks: readonly Check[], paint: Paint = plain): string {
  const marks = { ok: paint.green('✓'), missing: paint.red('✗'), note: paint.yellow('!') };
  const lines = checks.flatMap(({ name, state, text, hint = '' }) => {
    const [first = '', ...more] = wrap(printable(`${name}: ${text}`), 76);
    const below = [...more, ...wrap(printable(hint), 76)];
    return [`${marks[state]} ${first}`, ...below.map((line) => `    ${line}`)];
  });
  return lines.map((line) => `${line}\n`).join('');
}
