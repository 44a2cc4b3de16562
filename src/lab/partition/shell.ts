import type { Readable, Writable } from 'node:stream';
import type { LinuxPartition } from './linux-partition.ts';

/** Ctrl-], as in telnet. */
const LEAVE_KEY = 0x1d;

/**
 * Connects a user to a partition's console until the user types Ctrl-] or the guest ends. The user can start a migration with
 * `echo 0x1 > /sys/kernel/mobility/migration`. The caller closes the partition.
 * @param input bytes as typed; a terminal must be in raw mode
 * @returns whether the user left or the guest ended
 */
export async function useConsole(
  partition: LinuxPartition,
  input: Readable,
  output: Writable,
): Promise<'left' | 'ended'> {
  await partition.expectMigrations();
  const { console } = partition;
  const show = (bytes: Buffer) => void output.write(bytes);
  let type: (bytes: Buffer) => void = () => {};
  let leaveNow: () => void = () => {};
  const left = new Promise<'left'>((done) => {
    leaveNow = () => done('left');
    type = (bytes) => {
      const end = bytes.indexOf(LEAVE_KEY);
      console.write(end < 0 ? bytes : bytes.subarray(0, end));
      if (end >= 0) done('left');
    };
  });
  console.on('data', show);
  input.on('data', type).on('end', leaveNow);
  console.write('\n'); // prints the prompt again
  try {
    return await Promise.race([left, partition.ended.then(() => 'ended' as const)]);
  } finally {
    console.off('data', show);
    input.off('data', type).off('end', leaveNow).pause();
  }
}
