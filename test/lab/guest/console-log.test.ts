import { expect, test } from 'vitest';
import { consoleLog } from '../../../src/lab/guest/console-log.ts';

test('kernel lines are found among other console output', () => {
  const text =
    '~ # [6n\r\n[    0.278433] EEH: pSeries platform initialized\r\nBusyBox v1.37\r\n[   11.5] Oops\r\n';
  expect(consoleLog(text)).toEqual([
    { seconds: 0.278433, text: 'EEH: pSeries platform initialized' },
    { seconds: 11.5, text: 'Oops' },
  ]);
});
