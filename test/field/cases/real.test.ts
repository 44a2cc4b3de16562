import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { audit, readCapture } from '../../../src/field/index.ts';
import { eventsIn, rules } from '../../../src/verdict/index.ts';
import { testWithCaptures } from '../../support/captures.ts';

interface Answer {
  readonly outcome: 'damaged' | 'stale' | 'inconclusive';
  /** How each migration ended. */
  readonly migrations?: readonly string[];
  /** Events that count, in order: `NAME WEIGHT`, without steps and repeats. */
  readonly events: readonly string[];
  /** What the meaning of one of them says. */
  readonly says?: RegExp;
  /** What is known of the fix. */
  readonly fixed?: RegExp;
  /** What is missing. */
  readonly missing?: RegExp;
}

/** By the beginning of the file's name. */
const answers: Readonly<Record<string, Answer>> = {
  '01': {
    outcome: 'damaged',
    events: ['cache-mismatch trouble'],
    fixed: /^fixed in 5\.3, stable 4\.19\.99 \(e610a466d16a\)/,
  },
  '05': {
    outcome: 'damaged',
    events: ['cpu-stuck trouble', 'kernel-oops trouble'],
    says: /in a firmware call \(RTAS\), in a request of drmgr/,
    fixed: /^fixed in 5\.19 .* is of SUSE Linux Enterprise 15 SP4, whose backports are not known/,
  },
  '06': {
    outcome: 'inconclusive',
    events: ['kernel-warning harmless'],
    says: /No device-tree node is concerned/,
  },
  '07': {
    outcome: 'damaged',
    events: ['kernel-oops trouble'],
    says: /while a node was detached from the tree/,
    fixed: /^fixed in 5\.5 /,
  },
  '08': {
    outcome: 'damaged',
    events: ['kernel-oops trouble'],
    says: /ibmvnic.*No device-tree node is concerned/,
    fixed: /61772b0908c6/,
  },
  '11': {
    outcome: 'inconclusive',
    events: [
      'bad-put harmless',
      'use-after-free harmless',
      'duplicate-name harmless',
      'changeset-leak harmless',
    ],
    says: /self-test/,
  },
  '13': {
    outcome: 'inconclusive',
    events: ['duplicate-name harmless', 'phandle-not-found notable'],
    says: /at boot/,
  },
  '14': {
    outcome: 'damaged',
    events: ['kernel-oops trouble', 'memory-not-removed trouble'],
    says: /in dlpar_memory\(\)/,
    fixed: /^fixed in 6\.8/,
  },
  '15': {
    outcome: 'inconclusive',
    events: ['memory-not-removed trouble', 'dlpar-failed trouble'],
    says: /0x3e0000000 .* stays/,
  },
  '18': {
    outcome: 'damaged',
    events: ['pmem-stats-denied notable', 'kernel-oops trouble'],
    says: /papr_scm/,
  },
  '19': { outcome: 'inconclusive', events: ['pmem-rebound harmless'], says: /kernel that ran before/ },
  '22': {
    outcome: 'inconclusive',
    events: ['console-refused trouble', 'no-connector trouble', 'no-slots trouble', 'phb-not-found trouble'],
    says: /has no connector \(DRC\)/,
  },
  '23': { outcome: 'damaged', events: ['kernel-oops trouble'], says: /in a request of drmgr/ },
  '24': { outcome: 'inconclusive', migrations: ['did not move'], events: ['suspend-returned trouble'] },
  '25': { outcome: 'inconclusive', migrations: ['unknown'], events: [], missing: /^the end of migration 1$/ },
  '26': { outcome: 'inconclusive', events: ['cache-counted-twice harmless'], says: /hibernation/ },
  '28': {
    outcome: 'inconclusive',
    migrations: ['moved'],
    events: [
      'ibmvnic-queue-closed notable',
      'ibmvnic-queue-inactive harmless',
      'ibmvfc-queue-closed harmless',
      'ibmvscsi-not-migratable notable',
      'ibmvfc-enable-failed trouble',
      'ibmvfc-partner-failed trouble',
      'ibmvscsi-partner-failed trouble',
      'ibmvnic-partner-failed trouble',
      'ibmvnic-failover notable',
    ],
  },
  '29': {
    outcome: 'inconclusive',
    migrations: ['moved'],
    events: [
      'uevent-failed-path harmless',
      'uevent-failed harmless',
      'disk-reset harmless',
      'failed-lookup harmless',
      'ibmvfc-queue-closed harmless',
      'numa-node-unknown harmless',
      'ibmvnic-send-failed harmless',
      'ibmvnic-queue-inactive harmless',
    ],
  },
  '30': {
    outcome: 'damaged',
    migrations: ['moved'],
    events: [
      'suspend-returned trouble',
      'node-removed notable',
      'node-added notable',
      'use-after-free trouble',
    ],
  },
  '32': {
    outcome: 'inconclusive',
    migrations: ['did not move'],
    events: ['drmgr-write-failed notable', 'drmgr-kernel-failed trouble'],
    says: /95 to drmgr: the partition did not move/,
  },
  '33': { outcome: 'inconclusive', migrations: ['moved'], events: [] },
  '34': {
    outcome: 'inconclusive',
    events: ['count-saturated-elsewhere notable'],
    says: /No device-tree node is concerned/,
  },
  '36': { outcome: 'inconclusive', events: ['sysfs-duplicate trouble'] },
  '37': { outcome: 'inconclusive', events: ['counters-refused notable'], says: /does not allow them/ },
  '38': {
    outcome: 'inconclusive',
    events: ['cpu-count-short trouble', 'dlpar-failed trouble'],
    says: /Of 2 CPUs to add the kernel found 1/,
    fixed: /^fixed in 5\.16 \(fa2a5dfe2ddd\)/,
  },
  '41': { outcome: 'inconclusive', events: [], missing: /^most of the device tree/ },
};

const filesOf = (folder: string) => {
  const cases = join(folder, 'cases');
  return existsSync(cases) ? readdirSync(cases).map((name) => join(cases, name)) : [];
};

describe('public cases', () => {
  testWithCaptures('each has the answer that is right', async (folder) => {
    for (const path of filesOf(folder)) {
      const [number = ''] = /(?<=\/)\d\d(?=-[^/]*$)/.exec(path) ?? [];
      const answer = answers[number];
      if (!answer) continue;
      const { story, verdict } = audit(await readCapture(path));
      const events = eventsIn(story).filter(({ weight }) => weight !== 'step');
      expect(verdict.outcome, path).toBe(answer.outcome);
      expect(
        story.migrations.map(({ outcome }) => outcome),
        path,
      ).toEqual(answer.migrations ?? []);
      expect(Array.from(new Set(events.map(({ name, weight }) => `${name} ${weight}`))), path).toEqual(
        answer.events,
      );
      if (answer.says) expect(events.map(({ meaning }) => meaning).join('\n'), path).toMatch(answer.says);
      if (answer.fixed)
        expect(
          verdict.findings.flatMap(({ advice }) => advice ?? []),
          path,
        ).toContainEqual(expect.stringMatching(answer.fixed));
      if (answer.missing)
        expect(
          verdict.missing?.map(({ what }) => what),
          path,
        ).toContainEqual(expect.stringMatching(answer.missing));
    }
  });

  testWithCaptures('all 26 lines that occur near migrations have a meaning', async (folder) => {
    const [path] = filesOf(folder).filter((name) => /\/31-/.test(name));
    if (path === undefined) return;
    const { story } = audit(await readCapture(path));
    expect(eventsIn(story)).toHaveLength(story.lines);
  });

  testWithCaptures('story, findings and outcome agree in every capture', async (folder) => {
    const paths = [...filesOf(folder), ...readdirSync(folder).map((name) => join(folder, name))];
    for (const path of paths.filter(
      (name) => /\/(?:\d\d|ml)-|hwloc|\.dtb$/.test(name) && !/phandles/.test(name),
    )) {
      const { story, verdict } = audit(await readCapture(path));
      const events = eventsIn(story);
      for (const { weight, at, name } of events) {
        const own = verdict.findings.filter(({ logAt }) => logAt === at);
        if (weight === 'trouble') expect(own, `${path}: ${name}`).not.toEqual([]);
        if (weight === 'step' || weight === 'harmless') expect(own, `${path}: ${name}`).toEqual([]);
      }
      const severityOf = (name: string) => rules.find((rule) => rule.name === name)?.severity;
      const damaged = verdict.findings.some(({ rule }) => severityOf(rule) === 'damage');
      expect(verdict.outcome === 'damaged', path).toBe(damaged);
    }
  });
});
