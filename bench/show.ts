import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDtb } from 'transplant/devicetree';
import type { Suite } from './suite.ts';
import { shapes } from './trees.ts';
import { sideBySide } from './whole-process.ts';

const BLOB_SIZE = 15_000;
const ROUNDS = 21;

const cli = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));

export const show: Suite = {
  about: `transplant show of a blob of 15 KB, as a whole process, side by side with node doing nothing (medians of ${ROUNDS})`,
  async *run() {
    if (!existsSync(cli)) {
      yield { name: 'transplant show', missing: 'not built yet' };
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'transplant-bench-'));
    try {
      const blob = join(folder, 'small.dtb');
      let nodes = 1;
      let bytes = writeDtb(shapes.hierarchy(nodes));
      for (; bytes.length < BLOB_SIZE; nodes += 1) bytes = writeDtb(shapes.hierarchy(nodes));
      writeFileSync(blob, bytes);
      const times = sideBySide(
        { nothing: [process.execPath, '-e', '0'], show: [process.execPath, cli, 'show', blob] },
        ROUNDS,
      );
      yield { name: 'node -e 0', value: times.nothing, unit: 'ms' };
      yield { name: `transplant show, ${nodes} nodes, ${bytes.length} bytes`, value: times.show, unit: 'ms' };
      yield { name: 'slower than node -e 0', value: times.show / times.nothing, unit: '×', atMost: 2 };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
