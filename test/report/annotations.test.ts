import { expect, test } from 'vitest';
import { annotations } from '../../src/report/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';

const verdict: Verdict = {
  outcome: 'damaged',
  allowed: ['stale-property'],
  findings: [
    { rule: 'lost-node', severity: 'damage', subject: '/a,b', message: 'gone: 100 %\nreally', evidence: [] },
    { rule: 'stale-property', severity: 'stale', subject: '/c', message: 'old', evidence: [] },
  ],
};

test('an error for a finding that counts, a warning for an allowed one; text cannot end the command', () => {
  expect(annotations('a:b', verdict, { GITHUB_ACTIONS: 'true' })).toEqual([
    '::error title=a%3Ab%3A lost-node::/a,b: gone: 100 %25%0Areally',
    '::warning title=a%3Ab%3A stale-property::/c: old',
  ]);
});

test('nothing outside GitHub Actions', () => {
  expect(annotations('a', verdict, {})).toEqual([]);
});
