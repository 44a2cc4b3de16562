import { Bench } from 'tinybench';
import { readDtb, writeDtb } from 'transplant/devicetree';
import type { Suite } from './suite.ts';
import { shapes } from './trees.ts';
import { median } from './whole-process.ts';

const SMALLEST = 1_000;
const LARGEST = 1_000_000;
const SIZES = [SMALLEST, 20_000, LARGEST];

/** Conversions of a blob; each must take linear time. */
const ways: readonly { name: string; convert: (bytes: Uint8Array) => unknown; rounds: number }[] = [
  { name: 'DTB to DTB in its own layout', convert: (bytes) => writeDtb(readDtb(bytes)), rounds: 5 },
  {
    name: "DTB to DTB in dtc's layout",
    convert: (bytes) => writeDtb(readDtb(bytes), { repack: true }),
    rounds: 5,
  },
  { name: 'DTB to nodes', convert: (bytes) => readDtb(bytes).root, rounds: 2 },
];

/** CPU time of all threads in ms: other work on the machine does not count, the garbage collector's threads do. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Each sample converts a million nodes and keeps the results: a thousand blobs of a thousand nodes, or one of a million.
 * So all samples go through as much memory and last about as long, and what is compared is how the work grows, not how
 * well a small blob fits a cache or how the memory allocator likes a large one.
 */
export const growth: Suite = {
  about: 'CPU time per node, in one process, as trees grow (medians of samples of a million nodes)',
  async *run() {
    for (const shape of ['siblings', 'hierarchy'] as const) {
      const corpora = SIZES.map((size) => {
        const bytes = writeDtb(shapes[shape](size));
        return { size, blobs: Array.from({ length: LARGEST / size }, () => bytes.slice()) };
      });
      for (const { name, convert, rounds } of ways) {
        const samples = new Map<number, number[]>(SIZES.map((size) => [size, []]));
        // All sizes in turn, so that whatever else the machine does hits all of them alike; the first round warms up.
        for (let round = 0; round <= rounds; round += 1) {
          const bench = new Bench({ time: 0, iterations: 1, warmup: false, now: cpuTime });
          for (const { size, blobs } of corpora) bench.add(`${size}`, () => blobs.map(convert));
          for (const task of await bench.run()) {
            if (task.result.state !== 'completed') throw new Error(`${shape}, ${name}: not measured`);
            if (round > 0) samples.get(Number(task.name))?.push(task.result.latency.p50);
          }
        }
        const perNode = (size: number) => (median(samples.get(size) ?? []) * 1e6) / LARGEST;
        for (const size of SIZES) {
          yield { name: `${shape}, ${name}, ${size} nodes`, value: perNode(size), unit: 'ns/node' };
        }
        const ratio = perNode(LARGEST) / perNode(SMALLEST);
        yield { name: `${shape}, ${name}, growth`, value: ratio, unit: '×', atMost: 1.3 };
      }
    }
  },
};
