import { createHash } from 'node:crypto';
import { InputError } from '../base/index.ts';
import { fromToken, toToken } from '../choice/index.ts';
import { writeDtb } from '../devicetree/index.ts';
import type { Scenario } from '../migration/index.ts';

/**
 * What a run token names: `platform-facilities+policy=detach+clients=readers+possible-faults=busy+6f2a9c:t1-AAB4x2Q`.
 *
 * The scenario (an example, the path of a scenario file, or `generated`), the options that changed it, a digest of the scenario
 * so that a later change is noticed, and the choices.
 */
export interface RunReference {
  readonly scenario: string;
  /** Options by name: `policy`, `release`, `clients`, `possible-faults` … */
  readonly settings: Readonly<Record<string, string>>;
  /** Six hex digits, see `digestOf`; empty for a generated scenario, which the choices determine. */
  readonly digest: string;
  readonly choices: readonly number[];
}

/** Name of the scenario that the first choices generate. */
export const GENERATED = 'generated';

/** Writes a run token. */
export function toRunToken({ scenario, settings, digest, choices }: RunReference): string {
  const said = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return `${[scenario, ...said, ...(digest === '' ? [] : [digest])].join('+')}:${toToken(choices)}`;
}

/** Reads a run token. @throws InputError with the problem */
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
  return new InputError(`not a run token: ${shown}`, {}, { hint: problem });
}

/** Digest of everything that determines a run except its choices: trees, workload, faults, number of migrations, style. */
export function digestOf({ before, after, workload, faults, times, firmware }: Scenario): string {
  const hash = createHash('sha256');
  hash.update(writeDtb(before)).update(writeDtb(after));
  hash.update(JSON.stringify([workload, faults, times, firmware]));
  return hash.digest('hex').slice(0, 6);
}
