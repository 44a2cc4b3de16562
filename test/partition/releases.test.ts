import { expect, test } from 'vitest';
import { linePattern, releases } from '../../src/partition/index.ts';
import { LineFormat } from '../../src/partition/line-format.ts';

test('a format prints its values and drops those that it does not name', () => {
  expect(new LineFormat('CPU %d of %s (0x%x)').text(3, 'all', 255)).toBe('CPU 3 of all (0xff)');
  expect(new LineFormat('factor to %d%%').text(200, 'unused')).toBe('factor to 200%');
  expect(new LineFormat('done.').text('unused')).toBe('done.');
  expect(new LineFormat('0x%x').text('ff')).toBe('0xff');
});

test('the pattern of a format is the whole line, with its values captured', () => {
  const pattern = new RegExp(`^${new LineFormat('a.b (%d) for %s: 0x%x%%').pattern([])}$`);
  expect(pattern.exec('a.b (-12) for : 0xff%')?.slice(1)).toEqual(['-12', '', 'ff']);
  expect(pattern.test('axb (1) for x: 0x1%')).toBe(false);
  expect(pattern.test('a.b (x) for x: 0x1%')).toBe(false);
});

test('a pattern fits the line of every release, and counts captures within its wording', () => {
  for (const { name, lines } of Object.values(releases)) {
    const line = lines.propertyFailed.text('ibm,x', -12);
    expect(linePattern('propertyFailed').exec(line)?.[1], name).toBe('ibm,x');
  }
  const match = linePattern('propertyFailed').exec('Could not update ibm,x property');
  expect(match).toHaveLength(2);
  expect(match?.index).toBe(0);
  expect(linePattern('propertyFailed').test('Could not update ibm,x')).toBe(false);
});

test('a value can be fixed in a pattern', () => {
  const raised = linePattern('watchdogFactor', '([1-9]\\d*)');
  expect(raised.exec('watchdog: Set the NMI watchdog timeout factor to 200%')?.[1]).toBe('200');
  expect(raised.test('watchdog: Set the NMI watchdog timeout factor to 0%')).toBe(false);
});
