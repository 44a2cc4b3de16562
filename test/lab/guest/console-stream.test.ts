import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { ConsoleStream } from '../../../src/lab/guest/console-stream.ts';

test('a console remains one stream while the guest moves to another QEMU', async () => {
  const console = new ConsoleStream();
  const received: string[] = [];
  console.on('data', (bytes: Buffer) => received.push(bytes.toString()));
  // A PassThrough returns what is written to it, as an echo.
  const [first, second] = [new PassThrough(), new PassThrough()];
  console.attach(first);
  console.write('first');
  console.attach(second);
  first.write('lost');
  console.write('second');
  await vi.waitFor(() => expect(received).toEqual(['first', 'second']));
});
