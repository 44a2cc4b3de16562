import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

export type Command = readonly [program: string, ...parameters: string[]];

function run([program, ...parameters]: Command, accepted: readonly number[]): number {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (error) throw error;
  if (status === null || !accepted.includes(status))
    throw new Error(`${program} ${parameters.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * How long each command takes from start to end, in ms: the median of so many rounds. In each round every command runs
 * once, so that whatever else the machine does hits all of them alike.
 */
export function sideBySide<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  rounds: number,
  accepted: readonly number[] = [0],
): Record<Name, number> {
  const names = Object.keys(commands) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  // The first round warms the file cache and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const time = run(commands[name], accepted);
      if (round > 0) times.get(name)?.push(time);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}
