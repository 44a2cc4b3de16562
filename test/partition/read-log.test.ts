import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLog } from '../../src/partition/index.ts';
import { type LogForm, logForms } from '../support/log-forms.ts';
import { SEED } from '../support/trees.ts';

const textsOf = (log: string) => readLog(log).map(({ text }) => text);

describe('readLog', () => {
  test.each([
    ['[   12.345678] mobility: hello', { seconds: 12.345678 }],
    ['<4>[   12.345678] mobility: hello', { seconds: 12.345678, level: 4 }],
    ['<14>[   12.345678] mobility: hello', { seconds: 12.345678, level: 6 }],
    ['4,123,12345678,-;mobility: hello', { seconds: 12.345678, level: 4 }],
    ['30,123,12345678,-,caller=T1;mobility: hello', { seconds: 12.345678, level: 6 }],
    ['kern  :warn  : [   12.345678] mobility: hello', { seconds: 12.345678, level: 4 }],
    ['mobility: hello', { seconds: 0, untimed: true }],
    ['Oct  8 10:00:00 north kernel: mobility: hello', { seconds: 0, clock: Date.UTC(1970, 9, 8, 10) / 1000 }],
    [
      'Wed 2021-10-20 12:39:50 CEST north kernel: mobility: hello',
      { seconds: 0, clock: Date.UTC(2021, 9, 20, 12, 39, 50) / 1000 },
    ],
    [
      '<6>1 2021-10-20T12:39:50.5+02:00 north kernel - - - mobility: hello',
      { seconds: 0, level: 6, clock: Date.UTC(2021, 9, 20, 12, 39, 50, 500) / 1000 },
    ],
  ])('%s', (line, stamp) => {
    expect(readLog(`${line}\r\n`)).toEqual([{ ...stamp, text: 'mobility: hello' }]);
  });

  test('an address in brackets is no time, and an empty text is one', () => {
    expect(textsOf('[c000000000476e8c] [c000000000476fd8] f+0x1/0x2\n[   12.345678] ')).toEqual([
      '[c000000000476e8c] [c000000000476fd8] f+0x1/0x2',
      '',
    ]);
  });

  test('another program keeps its name', () => {
    expect(
      textsOf(
        'Jul 18 14:29:44 north drmgr: drmgr: migration rc 0\nJul 18 14:29:44 north cat[7]: BUG: no kernel',
      ),
    ).toEqual(['drmgr: drmgr: migration rc 0', 'cat[7]: BUG: no kernel']);
  });

  test('lines without a time take that of the line before; lines that kmsg adds are left out', () => {
    expect(
      readLog('[    1.000000] one\n two\n\n6,7,3000000,-;three\n SUBSYSTEM=vio\n DEVICE=+vio:x\nfour'),
    ).toEqual([
      { seconds: 1, text: 'one' },
      { seconds: 1, untimed: true, text: ' two' },
      { seconds: 3, level: 6, text: 'three' },
      { seconds: 3, untimed: true, text: 'four' },
    ]);
  });

  test('the time of day counts on from the clock of the boot', () => {
    const log = [
      'Oct 20 10:00:00 north kernel: [  100.000000] one',
      'Oct 20 10:00:05 north drmgr: two',
      'Oct 20 10:00:00 north kernel: [  200.000000] three',
      'Oct 20 10:00:07 north drmgr: four',
    ].join('\n');
    expect(readLog(log).map(({ seconds }) => seconds)).toEqual([100, 105, 200, 207]);
  });

  test('dmesg -e adds what has passed since the line before', () => {
    expect(
      readLog('[Oct20 12:39] one\n[  +0.500000] two\n[  +0.250000] three').map(({ seconds }) => seconds),
    ).toEqual([0, 0.5, 0.75]);
  });
});

describe('every form', () => {
  const line = fc.record({
    step: fc.integer({ min: 0, max: 40_000_000 }),
    text: fc.stringMatching(/^[a-z][a-z0-9:,.@()-]{0,12}( [a-z0-9:,.@()-]{1,12}){0,3}$/),
  });

  const whole = (form: LogForm) => !/cut/.test(form.name);

  test.each(logForms.filter(whole).map((form) => [form.name, form] as const))(
    '%s gives the same text, and the time that it keeps',
    (_, form) => {
      fc.assert(
        fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (steps) => {
          let now = 0;
          const lines = steps.map(({ step, text }) => {
            now += step;
            return { seconds: now / 1e6, text };
          });
          const read = readLog(form.write(lines));
          expect(read.map(({ text }) => text)).toEqual(lines.map(({ text }) => text));
          if (form.keeps === 'seconds')
            expect(read.map(({ seconds }) => seconds)).toEqual(lines.map(({ seconds }) => seconds));
          if (form.keeps === 'clock') {
            const start = lines[0]?.seconds ?? 0;
            for (const [at, { seconds }] of read.entries())
              expect(Math.abs(seconds - ((lines[at]?.seconds ?? 0) - start))).toBeLessThanOrEqual(60);
          }
        }),
        { numRuns: 50 },
      );
    },
  );
});

describe('the two forms of most lines', () => {
  const tail = fc.string({
    unit: fc.constantFrom(...'[]<>(): 0123456789.kernlTC\t>#$'),
    maxLength: 30,
  });
  const dated = fc.constantFrom(
    '',
    '[    2.500000] ',
    '[    T1] ',
    'north kernel: ',
    '[Wed Oct 20 12:39:50 2021] ',
  );

  test('are read as those with a level, or with a year, are', () => {
    fc.assert(
      fc.property(dated, tail, (more, text) => {
        const of = (line: string) => readLog(line).map(({ text, seconds }) => ({ text, seconds }));
        const stamped = `[    1.500000] ${more}${text}`;
        expect(of(stamped)).toEqual(of(`<6>${stamped}`));
        expect(of(`Oct 20 10:00:00 north kernel: ${stamped}`)).toEqual(
          of(`2021-10-20T10:00:00+00:00 north kernel: ${stamped}`),
        );
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  test('parts of a log are read as the whole', () => {
    const lines = [
      '[    1.000000] a',
      '    b',
      '',
      '[    2.000000] c',
      ' SUBSYSTEM=x',
      'Oct 18 10:00:00 h kernel: d',
    ];
    for (let cut = 0; cut <= lines.length; cut += 1) {
      const parts = [lines.slice(0, cut), lines.slice(cut)].map((part) =>
        part.map((line) => `${line}\n`).join(''),
      );
      expect(readLog(parts)).toEqual(readLog(lines.join('\n')));
    }
  });
});
