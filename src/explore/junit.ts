import { plural } from '../base/index.ts';
import { disagreementsToText, type JunitSuite, toJunit } from '../report/index.ts';
import { rules } from '../verdict/index.ts';
import type { ConformResult } from './conform/conform.ts';
import type { Failure } from './failures.ts';
import { lengthOf } from './shrink.ts';

/**
 * Writes a search as JUnit XML: one case for each rule. A broken rule is a failure, with the token of its shortest run.
 *
 * @param name     name of the suite
 * @param complete whether the search is complete, as a case of its own; absent: no such case
 */
export function searchToJunit(
  name: string,
  failures: readonly (Failure & { readonly token: string })[],
  complete?: boolean,
): string {
  const failure = { type: 'incomplete', message: 'the search was stopped before its end' };
  const whole: JunitSuite['cases'] =
    complete === undefined ? [] : [{ name: 'complete', ...(!complete && { failure }) }];
  const cases: JunitSuite['cases'] = rules.map(({ name: rule, title }) => {
    const found = failures.find((failure) => failure.rule === rule);
    if (!found) return { name: rule };
    const { severity: type, subject, message, runs, choices, token } = found;
    return {
      name: rule,
      failure: { type, message: `${title}, in ${plural(runs, 'run')}` },
      text: `${subject}: ${message}\nthe shortest is ${lengthOf(choices)}\n${replay(token)}`,
    };
  });
  return toJunit([{ name, cases: [...whole, ...cases] }]);
}

/** Writes runs on model and kernel as JUnit XML: one case for each seed. A disagreement is a failure. */
export function conformedToJunit(
  name: string,
  all: readonly ConformResult[],
  tokenOf: (conformed: ConformResult) => string,
): string {
  const cases: JunitSuite['cases'] = all.map((each) => {
    const { seed, policy, disagreements, comparedUpTo } = each;
    const named = { name: `seed ${seed} under ${policy}` };
    if (disagreements.length === 0)
      return {
        ...named,
        ...(comparedUpTo !== undefined && { text: `compared up to a known difference: ${comparedUpTo}` }),
      };
    const about = Array.from(new Set(disagreements.map((one) => one.about))).join(', ');
    return {
      ...named,
      failure: { type: 'disagreement', message: `model and kernel disagree: ${about}` },
      text: `${disagreementsToText(disagreements)}\n${replay(tokenOf(each))}`,
    };
  });
  return toJunit([{ name, cases }]);
}

const replay = (token: string) => `transplant replay ${token}`;
