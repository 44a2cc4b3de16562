import { describe, expect, test } from 'vitest';
import { explain } from '../../../src/field/index.ts';
import { unwrap } from '../../../src/field/unwrap.ts';
import { findWarnings, readLog } from '../../../src/partition/index.ts';
import { eventsIn, judge, rules, type Story } from '../../../src/verdict/index.ts';
import { type LogForm, logForms } from '../../support/log-forms.ts';
import { observation } from '../../verdict/evidence.ts';
import { partitionTree } from '../machine.ts';
import { BOOT, type Case, cases, linesOf } from './cases.ts';

const read = (form: LogForm, lines: ReturnType<typeof linesOf>) => unwrap(readLog(form.write(lines)));

/** What a story says, without steps. */
const eventsOf = (story: Story) =>
  eventsIn(story)
    .filter(({ weight }) => weight !== 'step')
    .map(({ name, weight }) => `${name} ${weight}`);

const judged = (log: ReturnType<typeof readLog>) =>
  judge({
    after: observation({
      tree: partitionTree,
      devices: [],
      log,
      warnings: findWarnings(log),
      platform: { kind: 'capture', release: '', policy: '', description: '' },
    }),
  });

/** The outcome that a case alone has, in a log from the boot on. */
const outcomeOf = ({ finds, isLast }: Case) => finds ?? (isLast ? 'inconclusive' : 'safe');

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  test.each(logForms.map((form) => [form.name, form] as const))('%s', (_, form) => {
    const start = one.isBoot ? 0.5 : 500;
    const lines = [{ seconds: 0, text: BOOT }, ...linesOf(one, start)];
    const log = read(form, lines);
    const story = explain(log);
    expect(eventsOf(story)).toEqual(one.events);
    expect(story.migrations.map(({ outcome }) => outcome)).toEqual(one.migrations ?? []);
    expect(judged(log).outcome).toBe(outcomeOf(one));
  });
});

/** Numbers that are the same in each run (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

const NOISE = [
  'systemd[1]: Started Daily Cleanup of Temporary Directories.',
  'audit: type=1400 audit(1634733590.123:45): avc: granted',
  'IPv6: ADDRCONF(NETDEV_CHANGE): env2: link becomes ready',
  'EXT4-fs (sda3): mounted filesystem with ordered data mode. Opts: (null)',
  'nfs: server files not responding, still trying',
];

/** Events placed by chance, in their order, with noise between them. */
function placed(next: (below: number) => number): readonly Case[] {
  const boots = cases.filter(({ isBoot }) => isBoot);
  const lasts = cases.filter(({ isLast }) => isLast);
  const others = cases.filter(({ isBoot, isLast }) => !isBoot && !isLast);
  const some = Array.from({ length: next(4) }, () => others[next(others.length)] as Case);
  return [
    ...(next(4) === 0 ? boots : []),
    ...some,
    ...(next(6) === 0 ? [lasts[next(lasts.length)] as Case] : []),
  ];
}

const RANK = ['safe', 'inconclusive', 'stale', 'damaged'];

test('1,000 logs of events placed by chance, in forms by chance: the outcome is what was placed', () => {
  const next = random(20211020);
  const wrong: string[] = [];
  for (let number = 0; number < 1000; number++) {
    const form = logForms[next(logForms.length)] as LogForm;
    const chosen = placed(next);
    const lines = [{ seconds: 0, text: BOOT }];
    let now = 1000;
    for (const one of chosen) {
      lines.push(...linesOf(one, one.isBoot ? 0.5 : now));
      if (!one.isLast)
        for (let at = 0; at <= next(3); at++)
          lines.push({ seconds: now + 60, text: NOISE[next(NOISE.length)] as string });
      now += 1000;
    }
    lines.sort((one, other) => one.seconds - other.seconds);
    const log = read(form, lines);
    const { outcome } = judged(log);
    const expected = chosen
      .map(outcomeOf)
      .reduce((worst, one) => (RANK.indexOf(one) > RANK.indexOf(worst) ? one : worst), 'safe');
    const story = explain(log);
    const names = eventsOf(story).sort();
    const wanted = chosen.flatMap(({ events }) => events).sort();
    if (outcome !== expected || names.join() !== wanted.join())
      wrong.push(
        `${number} ${form.name}: ${outcome}, not ${expected}; ${chosen.map(({ name }) => name).join(' + ')}: ${names.join()}`,
      );
  }
  expect(wrong).toEqual([]);
});

test('story, findings and outcome never disagree', () => {
  for (const one of cases) {
    const log = read(logForms[0] as LogForm, [{ seconds: 0, text: BOOT }, ...linesOf(one, 500)]);
    expectAgreement(log, one.name);
  }
});

/** Trouble has a finding, a harmless event none that counts, and a finding that counts is of an event. */
function expectAgreement(log: ReturnType<typeof readLog>, name: string): void {
  const { findings, outcome } = judged(log);
  const events = eventsIn(explain(log));
  const ofLog = findings.filter(({ logAt }) => logAt !== undefined);
  for (const event of events) {
    const own = ofLog.filter(({ logAt }) => logAt === event.at);
    if (event.weight === 'trouble') expect(own, `${name}: ${event.name}`).not.toEqual([]);
    if (event.weight === 'harmless' || event.weight === 'step')
      expect(own, `${name}: ${event.name}`).toEqual([]);
  }
  for (const { logAt, rule } of ofLog)
    expect(
      events.some(({ at }) => at === logAt),
      `${name}: ${rule}`,
    ).toBe(true);
  const severities = new Set(ofLog.map(({ rule }) => rules.find((one) => one.name === rule)?.severity));
  if (severities.has('damage')) expect(outcome, name).toBe('damaged');
}
