import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { node, tree } from '../../src/devicetree/index.ts';
import { parseScenario } from '../../src/migration/index.ts';
import { newestRelease } from '../../src/partition/index.ts';

const empty = tree(node(''));
const parse = (text: string) => parseScenario(text, 's.yaml', async () => empty);

const minimal = 'name: n\nbefore: a\nafter: b\n';

test('three lines are a scenario', async () => {
  expect(await parse(minimal)).toEqual({
    name: 'n',
    description: '',
    before: empty,
    after: empty,
    firmware: 'powervm',
    faults: [],
    release: newestRelease,
    cpus: 1,
    times: 1,
    workload: [{ when: 'after', path: '/sys/devices/vio/*/devspec', times: 1 }],
  });
});

test('everything that may be said', async () => {
  const text = `${minimal}release: "5.10"
policy: reconcile
drivers: [pseries-rng]
seed: 7
faults: ["busy@ibm,update-nodes"]
workload:
  - { when: during, use: drivers, times: 3 }
  - { when: before, write: /proc/ppc64/ofdt, text: "x\\0y" }
`;
  expect(await parse(text)).toMatchObject({
    release: '5.10',
    policy: 'reconcile',
    drivers: ['pseries-rng'],
    seed: 7,
    faults: [{ fault: 'busy', at: 'ibm,update-nodes' }],
    workload: [
      { when: 'during', path: 'drivers', times: 3 },
      { when: 'before', path: '/proc/ppc64/ofdt', write: 'x\0y', times: 1 },
    ],
  });
});

test('an unquoted release is read as text, not as a number', async () => {
  expect(await parse(`${minimal}release: 5.10\n`)).toMatchObject({ release: '5.10' });
  expect(await parse(`${minimal}release: 6.1\n`)).toMatchObject({ release: '6.1' });
});

describe('errors contain their place', () => {
  test.each([
    ['not YAML', 'a: [', 1, /not YAML/],
    ['no map', '- a', 1, /expected/],
    ['unknown release', `${minimal}release: "4.4"\n`, 4, /release/],
    ['unknown key', `${minimal}polcy: detach\n`, 4, /^unknown key polcy$/],
    ['nothing to do', `${minimal}workload:\n  - when: after\n`, 5, /one of read/],
    ['a step of the wrong time', `${minimal}workload:\n  - { when: later, read: x }\n`, 5, /when/],
    ['something missing', 'name: n\nbefore: a\n', 1, /^after: is missing$/],
    [
      'kernel-policy without reconcile',
      `${minimal}kernel-policy: detach\n`,
      4,
      /goes with policy: reconcile/,
    ],
    ['a star that matches nothing', `${minimal}workload:\n  - { when: after, read: /sys/*/x }\n`, 5, /star/],
    [
      'an unknown key of a step',
      `${minimal}workload:\n  - when: after\n    reed: x\n`,
      6,
      /^unknown key reed$/,
    ],
    ['an unknown fault', `${minimal}faults:\n  - busy\n  - nonsense\n`, 6, /^no such fault: nonsense$/],
    [
      'a fault nowhere',
      `${minimal}faults:\n  - busy@/\n  - busy@/a\n`,
      6,
      /^fault busy@\/a: neither tree has/,
    ],
    ['use after', `${minimal}workload:\n  - { when: after, use: drivers }\n`, 5, /during/],
  ])('%s', async (_, text, line, message) => {
    const error = await parse(text).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ where: { file: 's.yaml', line }, message: expect.stringMatching(message) });
  });

  test('with the line and a caret below it', async () => {
    const error = await parse(`${minimal}policy: none\n`).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ where: { line: 4, column: 9 }, excerpt: 'policy: none\n        ^' });
  });

  test('aliases do not grow without bound', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
    await expect(parse(bomb)).rejects.toThrow(InputError);
  });
});
