import { fixedIn, ignoresFacilities, type Observation, type Warning } from '../../partition/index.ts';
import { deathOf } from '../ledger.ts';
import type { Rule } from '../rule.ts';
import { newWarnings } from '../since.ts';

/** The messages of lib/refcount.c; each is printed at most once per boot and site, so one line may stand for many. */
const refcount = /^refcount_t: .*(use-after-free|leaking memory)\.$/;

/** When the kernel had told all of it: a count is changed after the warning about it. */
function endOf({ at }: Warning, { log }: Observation): number {
  const end = log.findIndex(({ text }, index) => index >= at && text.startsWith('---[ end trace'));
  return (log[end] ?? log[at])?.seconds ?? 0;
}

export const useAfterFree: Rule = {
  name: 'use-after-free',
  severity: 'damage',
  title: 'use-after-free warning',
  why: 'Something still refers to a node whose last reference is gone; its memory may already belong to something else.',
  remedy: 'Restart the partition soon. Do not read devspec of VIO devices until then.',
  fixedIn: `${fixedIn(ignoresFacilities)}: the kernel ignores deletes and adds of platform-facilities`,
  check: (evidence, ledger) =>
    newWarnings(evidence)
      .filter((warning) => refcount.test(warning.message))
      .map((warning) => ({
        subject:
          warning.callChain.find((name) => /_show$|_store$|^pseries_|^dlpar_/.test(name)) ??
          warning.place ??
          'kernel',
        message: warning.message,
        evidence: [...deathOf(ledger, endOf(warning, evidence.after)), warning.callChain.join(' ← ')],
        logAt: warning.at,
      })),
};
