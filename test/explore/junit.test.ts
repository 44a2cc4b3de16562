import { expect, test } from 'vitest';
import { conformedToJunit, searchToJunit } from '../../src/explore/index.ts';
import { rules } from '../../src/verdict/index.ts';

test('a search: a case for each rule, a failure for each that is broken, with the token that replays it', () => {
  const failure = { rule: 'dangling-link', severity: 'damage' as const, subject: '/a', message: 'is <gone>' };
  const xml = searchToJunit('explore it', [{ ...failure, choices: [0, 2], runs: 7, token: 'it:t1-x' }]);
  expect(xml).toContain(`<testsuite name="explore it" tests="${rules.length}" failures="1">`);
  expect(xml).toContain(
    '<testcase classname="explore it" name="dangling-link"><failure type="damage" message="dangling link, in 7 runs">' +
      '/a: is &lt;gone&gt;\nthe shortest is 1 choice\ntransplant replay it:t1-x</failure></testcase>',
  );
});

test('a search that was to be complete and is not has a failure more', () => {
  expect(searchToJunit('explore it', [], true)).toContain(`tests="${rules.length + 1}" failures="0"`);
  const xml = searchToJunit('explore it', [], false);
  expect(xml).toContain('name="complete"><failure type="incomplete"');
  expect(xml).toContain('failures="1"');
});

test('model and kernel: a case for each seed, a failure for each on which they disagree', () => {
  const one = { policy: 'ignore', choices: [], disagreements: [] };
  const found = { about: 'log', subject: 'line 3', real: 'here', model: 'there' } as const;
  const xml = conformedToJunit(
    'conform k',
    [
      { ...one, seed: 1 },
      { ...one, seed: 2, disagreements: [found] },
      { ...one, seed: 3, comparedUpTo: 'chance' },
    ],
    ({ seed }) => `generated:${seed}`,
  );
  expect(xml).toContain('<testsuites tests="3" failures="1">');
  expect(xml).toContain('<testcase classname="conform k" name="seed 1 under ignore"/>');
  expect(xml).toContain(
    'message="model and kernel disagree: log">log, line 3\n  kernel: here\n  model:  there\ntransplant replay generated:2<',
  );
  expect(xml).toContain(
    'name="seed 3 under ignore"><system-out>compared up to a known difference: chance</system-out>',
  );
});
