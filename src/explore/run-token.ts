import { createHash } from 'node:crypto';
import { InputError } from '../base/index.ts';
import { fromToken, toToken } from '../choice/index.ts';
import { writeDtb } from '../devicetree/index.ts';
import type { Scenario } from '../migration/index.ts';

/**
 * A run in one word: `platform-facilities+policy=detach+clients=readers+possible-faults=busy+6f2a9c:t1-AAB4x2Q`.
 *
 * It names the scenario (an example, or the path of a scenario file, or `generated`), what was said on top of it, a digest
 * of its trees, so that a scenario that has changed since is not taken for the one that was run, and the choices.
 */
export interface RunReference {
  readonly scenario: string;
  /** `policy`, `release`, `clients`, `possible-faults` …, as options say them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Six hex digits of what determines the run but choices; empty for a generated scenario, which choices make. */
  readonly digest: string;
  readonly choices: readonly number[];
}

export const GENERATED = 'generated';

export function toRunToken({ scenario, settings, digest, choices }: RunReference): string {
  const said = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return `${[scenario, ...said, ...(digest === '' ? [] : [digest])].join('+')}:${toToken(choices)}`;
}

/** @throws InputError saying what is wrong with it */
export function fromRunToken(text: string): RunReference {
  const colon = text.lastIndexOf(':');
  const reading = fromToken(text.slice(colon + 1));
  if (colon < 1) throw bad(text, 'it has no scenario before a colon');
  if (!reading.ok) throw bad(text, reading.problem);
  const [scenario = '', ...rest] = text.slice(0, colon).split('+');
  const settings: Record<string, string> = {};
  let digest = '';
  for (const each of rest) {
    const [, key, value] = /^([a-z-]+)=(.*)$/.exec(each) ?? [];
    if (key !== undefined && value !== undefined) settings[key] = value;
    else if (/^[0-9a-f]{6}$/.test(each)) digest = each;
    else throw bad(text, `${JSON.stringify(each)} is no setting`);
  }
  return { scenario, settings, digest, choices: reading.choices };
}

function bad(text: string, problem: string): InputError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new InputError(`not a token of a run: ${shown}`, {}, { hint: problem });
}

/** Of everything that a run depends on beside its choices. */
export function digestOf({ before, after, workload, faults, times, firmware }: Scenario): string {
  const hash = createHash('sha256');
  hash.update(writeDtb(before)).update(writeDtb(after));
  hash.update(JSON.stringify([workload, faults, times, firmware]));
  return hash.digest('hex').slice(0, 6);
}
