import { Command } from 'commander';
import { InputError } from '../devicetree/index.ts';
import type { Conformed } from '../explore/index.ts';
import { exit } from './exit.ts';
import { interruption, progress, progressLine } from './terminal.ts';

interface Options {
  readonly kernel: string;
  readonly modules?: string;
  readonly release?: string;
  readonly runs: number;
  readonly seed: number;
  readonly guests: number;
  readonly json?: true;
}

export function conformCommand(): Command {
  return new Command('conform')
    .description('run generated scenarios on the model and on a real kernel, and say where they disagree')
    .requiredOption('--kernel <name>', 'debian:6.1, debian:6.12, or the path of a ppc64le vmlinux')
    .option('--modules <folder>', 'modules of the kernel at that path')
    .option('--release <linux>', 'release of the model; absent: that of debian:RELEASE, else 7.2')
    .option('--runs <number>', 'how many scenarios', Number, 100)
    .option('--seed <number>', 'seed of the first; each next one has the next number', Number, 1)
    .option('--guests <number>', 'guests side by side', Number, 2)
    .option('--json', 'every run as JSON, a line each')
    .addHelpText('after', '\nExit status: 0 they agree, 1 they disagree, 2 bad usage, 3 environment.')
    .action(conformAction);
}

async function conformAction(options: Options): Promise<void> {
  const { kernel, modules, runs, seed, guests, json } = options;
  for (const [name, value, least] of [
    ['runs', runs, 1],
    ['seed', seed, 0],
    ['guests', guests, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least)
      throw new InputError(`--${name} takes a whole number from ${least}`);
  }
  const { conform, generated, settledBy, shrinkDisagreement, toRunToken } = await import(
    '../explore/index.ts'
  );
  const { bootLinuxWith } = await import('../migration/boot-linux.ts');
  const named = options.release ?? /^debian:(.*)$/.exec(kernel)?.[1];
  const { release } = settledBy(named === undefined ? {} : { release: named });
  const signal = interruption();
  const boot = bootLinuxWith({ kernel, progress, signal, ...(modules !== undefined && { modules }) });
  const line = progressLine();
  const start = performance.now();
  const all: Conformed[] = [];
  let next = seed;
  const work = async () => {
    while (next < seed + runs) {
      const conformed = await conform(next++, { release, boot });
      all.push(conformed);
      if (json) process.stdout.write(`${JSON.stringify(conformed)}\n`);
      const rate = all.length / ((performance.now() - start) / 1000);
      const bad = all.filter(({ disagreements }) => disagreements.length > 0).length;
      line.show(() => `${all.length} of ${runs}, ${bad} disagree, ${rate.toFixed(1)} a second`);
    }
  };
  await Promise.all(Array.from({ length: guests }, work));
  const disagreeing = all.filter(({ disagreements }) => disagreements.length > 0);
  const shown = new Set<string>();
  for (const each of disagreeing) {
    const kind = each.disagreements.map(({ about }) => about).join();
    if (shown.has(kind)) continue;
    shown.add(kind);
    line.show(() => `make the run of seed ${each.seed} shorter`);
    tell(await shrinkDisagreement(each, { release, boot }));
  }
  line.end();
  const rate = runs / ((performance.now() - start) / 1000);
  const known = all.reduce((sum, each) => sum + each.known, 0);
  process.stderr.write(
    `${kernel}, seeds ${seed} to ${seed + runs - 1}: ${runs - disagreeing.length}/${runs} agree, ` +
      `${rate.toFixed(2)} a second${known > 0 ? `; ${known} known differences` : ''}\n`,
  );
  if (disagreeing.length > 0) process.exitCode = exit.unsafe;

  function tell({ seed: of, policy, choices, disagreements }: Conformed): void {
    const lines = disagreements.map(
      ({ about, subject, real, model }) => `${about}, ${subject}\n  kernel: ${real}\n  model:  ${model}`,
    );
    const token = toRunToken({ scenario: generated, settings: { release }, digest: '', choices });
    process.stderr.write(
      `seed ${of} under ${policy}\n${lines.join('\n')}\ntransplant replay ${token} --kernel ${kernel}\n`,
    );
  }
}
