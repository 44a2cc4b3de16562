import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { digestOf, fromRunToken, toRunToken } from '../../src/explore/run-token.ts';
import { prepareScenario, scenarioOfToken } from '../../src/explore/settings.ts';
import { example } from './scenarios.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9,-]{0,12}$/);

test('a token is read as it was written, the last plain choices aside', () => {
  const digest = fc.constantFrom('', '0a1b2c');
  const settings = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), word, {
    maxKeys: 4,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(word, settings, digest, fc.array(fc.nat(300)), (scenario, said, six, list) => {
      const choices = list.slice(0, list.findLastIndex((way) => way !== 0) + 1);
      const name = { scenario, settings: said, digest: six, choices };
      expect(fromRunToken(toRunToken(name))).toEqual(name);
      expect(toRunToken(name)).toMatch(/^[\w+=,.:-]+$/);
    }),
  );
});

test.each([
  ['', 'no scenario'],
  ['platform-facilities', 'no scenario'],
  ['platform-facilities:t1-AAAAAA', 'check digits'],
  ['platform-facilities+what:t1-e_Qg', 'is no setting'],
])('%j is refused: %s', (text, problem) => {
  expect(() => fromRunToken(text)).toThrow(InputError);
  try {
    fromRunToken(text);
  } catch (error) {
    expect((error as InputError).hint).toContain(problem);
  }
});

describe('a scenario', () => {
  const find = () => example('platform-facilities', 'ignore');

  test('that is as it was is found with its choices', async () => {
    const settings = { policy: 'detach', with: 'readers,requests' };
    const digest = digestOf(prepareScenario(await find(), settings));
    const found = await scenarioOfToken({ scenario: 'x', settings, digest, choices: [1, 2] }, find);
    expect(found).toMatchObject({ policy: 'detach', choices: [1, 2] });
  });

  test('that has changed since is refused', async () => {
    const name = { scenario: 'x', settings: {}, digest: '000000', choices: [] };
    await expect(scenarioOfToken(name, find)).rejects.toThrow(/has changed since/);
  });

  test('that choices make is made', async () => {
    const name = { scenario: 'generated', settings: { policy: 'reconcile' }, digest: '', choices: [0, 2] };
    expect(await scenarioOfToken(name, find)).toMatchObject({ name: 'generated', policy: 'reconcile' });
  });
});
