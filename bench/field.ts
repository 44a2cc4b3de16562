import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { list } from 'tar';
import { writeDirectory } from 'transplant/devicetree/directory';
import type { Figure, Suite } from './suite.ts';
import { shapes } from './trees.ts';
import { type Command, sideBySide } from './whole-process.ts';

const NODES = 10_000;
const ROUNDS = 3;

const cli = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));

/** Bytes of the log that is explained. */
const LOG_BYTES = 63_000_000;

/** In memory, as sysfs is: 50,000 files on a disk take much longer. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const field: Suite = {
  about: `captures of a partition of ${NODES} nodes, taken and audited, and a log of ${LOG_BYTES / 1e6} MB, explained: whole processes (medians of ${ROUNDS})`,
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
      yield* explanations(folder);
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

/** Lines of a migration in a hundred thousand others, in two forms. */
function writeLog(path: string, prefix: string): void {
  const file = openSync(path, 'w');
  const migration = [
    'mobility: calling ibm,suspend-me on CPU 7',
    'mobility: CPU 7 waking all threads',
    'mobility: waiting for memory transfer to complete...',
    'mobility: memory transfer completed.',
  ];
  let bytes = 0;
  for (let line = 0; bytes < LOG_BYTES; ) {
    const lines: string[] = [];
    for (const end = line + 10_000; line < end; line += 1) {
      const text =
        migration[line % 100_000] ?? `ibmvscsi 30000002: ${line % 97} of ${line} requests done, next`;
      lines.push(`${prefix}[${(line / 10).toFixed(6).padStart(12)}] ${text}\n`);
    }
    bytes += writeSync(file, lines.join(''));
  }
  closeSync(file);
}

function* explanations(folder: string): Generator<Figure> {
  const peak = join(folder, 'peak');
  const hook = join(folder, 'peak.mjs');
  writeFileSync(
    hook,
    `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
  );
  const forms = { dmesg: '', syslog: 'Oct 18 10:00:00 north kernel: ' };
  for (const [form, prefix] of Object.entries(forms)) {
    const log = join(folder, 'kernel.log');
    writeLog(log, prefix);
    const command: Command = [process.execPath, '--import', hook, cli, 'explain', log];
    const { explain } = sideBySide({ explain: command }, 1);
    const name = `transplant explain, a log of ${LOG_BYTES / 1e6} MB in the form of ${form}`;
    yield { name, value: explain, unit: 'ms', atMost: 10_000 };
    yield {
      name: `${name}: peak memory`,
      value: Number(readFileSync(peak, 'utf8')) / 1024,
      unit: 'MiB',
      atMost: 300,
    };
  }
}

async function* audits(archive: string): AsyncGenerator<Figure> {
  const times = sideBySide(
    { nothing: [process.execPath, cli, 'audit', '--help'], audit: [process.execPath, cli, 'audit', archive] },
    ROUNDS,
    // 4: the machine is made up, and not all of one.
    [0, 4],
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
