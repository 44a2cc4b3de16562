import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDtb } from 'transplant/devicetree';
import type { Suite } from './suite.ts';
import { shapes } from './trees.ts';
import { type Command, sideBySide } from './whole-process.ts';

const NODES = 20_000;
const ROUNDS = 5;

const converter = fileURLToPath(new URL('./convert.js', import.meta.url));

/**
 * Ways to convert a blob to a blob. All produce the same bytes here. `convert` uses `same`, `convert --repack` uses
 * `repack`. `nodes` is for comparison: dtc creates nodes too.
 */
const ways = [
  { way: 'same', does: 'written in its own layout', atLeast: 20 },
  { way: 'repack', does: "written in dtc's layout", atLeast: 20 },
  { way: 'nodes', does: "made into nodes, written from them in dtc's layout" },
] as const;

/** The conversion that dtc supports too. Each run starts a process; the programs and dtc alternate. */
export const dtb: Suite = {
  about: `DTB to DTB of a tree of ${NODES} nodes, as a whole process, side by side with dtc (medians of ${ROUNDS})`,
  async *run() {
    if (spawnSync('dtc', ['--version']).status !== 0) {
      yield { name: 'dtc', missing: 'is not installed' };
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'transplant-bench-'));
    try {
      for (const [shape, make] of Object.entries(shapes)) {
        const from = join(folder, `${shape}.dtb`);
        writeFileSync(from, writeDtb(make(NODES)));
        const to = (way: string) => join(folder, `${way}.dtb`);
        const ours = (way: string): Command => [process.execPath, converter, way, from, to(way)];
        const times = sideBySide(
          {
            dtc: ['dtc', '-q', '-I', 'dtb', '-O', 'dtb', '-o', to('dtc'), from],
            same: ours('same'),
            repack: ours('repack'),
            nodes: ours('nodes'),
          },
          ROUNDS,
        );
        yield { name: `${shape}: dtc`, value: times.dtc, unit: 'ms' };
        for (const { way, does, ...bound } of ways) {
          // A fast answer that is another answer would be worth nothing.
          if (!readFileSync(to(way)).equals(readFileSync(to('dtc'))))
            throw new Error(`${shape}, ${way}: not dtc's blob`);
          yield { name: `${shape}: ${does}`, value: times[way], unit: 'ms' };
          yield {
            name: `${shape}: ${does}, faster than dtc`,
            value: times.dtc / times[way],
            unit: '×',
            ...bound,
          };
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
