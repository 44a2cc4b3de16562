import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { list } from 'tar';
import { writeDirectory } from 'transplant/devicetree/directory';
import type { Figure, Suite } from './suite.ts';
import { shapes } from './trees.ts';
import { sideBySide } from './whole-process.ts';

const NODES = 10_000;
const ROUNDS = 3;

const cli = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));

/** sysfs is in memory, and so is what stands for it here; to make 50,000 files on a disk is another matter. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const field: Suite = {
  about: `captures of a partition of ${NODES} nodes: taken and audited as whole processes (medians of ${ROUNDS})`,
  async *run() {
    if (!existsSync(cli)) {
      yield { name: 'transplant capture', missing: 'not built yet' };
      return;
    }
    const folder = mkdtempSync(join(memory, 'transplant-bench-'));
    try {
      const root = join(folder, 'root');
      const base = join(root, 'sys/firmware/devicetree/base');
      mkdirSync(dirname(base), { recursive: true });
      await writeDirectory(shapes.buses(NODES), base);
      yield* captures(folder, root);
      yield* audits(join(folder, 'node.tar.gz'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

function* captures(folder: string, root: string): Generator<Figure> {
  const script = join(folder, 'capture.sh');
  writeFileSync(script, spawnSync(process.execPath, [cli, 'capture', '--script']).stdout);
  const times = sideBySide(
    {
      node: [process.execPath, cli, 'capture', '--root', root, '-o', join(folder, 'node.tar.gz')],
      shell: ['env', `TMPDIR=${folder}`, 'sh', script, '--root', root, '-o', join(folder, 'shell.tar.gz')],
    },
    ROUNDS,
  );
  yield { name: 'transplant capture', value: times.node, unit: 'ms', atMost: 10_000 };
  yield { name: 'the capture script under sh', value: times.shell, unit: 'ms', atMost: 10_000 };
}

async function* audits(archive: string): AsyncGenerator<Figure> {
  const times = sideBySide(
    { nothing: [process.execPath, cli, 'audit', '--help'], audit: [process.execPath, cli, 'audit', archive] },
    ROUNDS,
  );
  yield { name: 'transplant audit --help: start-up', value: times.nothing, unit: 'ms' };
  yield {
    name: 'transplant audit, beyond start-up',
    value: times.audit - times.nothing,
    unit: 'ms',
    atMost: 1000,
  };
  let members = 0;
  const start = performance.now();
  const onReadEntry = () => {
    members += 1;
  };
  await list({ file: archive, onReadEntry });
  yield {
    name: `node-tar only lists the ${members} members of that capture`,
    value: performance.now() - start,
    unit: 'ms',
  };
}
