import { Command } from 'commander';
import { exit } from './exit.ts';
import { readScenario } from './inputs.ts';
import { addOptions, addScenarioArgument, sharedOption } from './options.ts';
import { interruptSignal, painter, progress } from './terminal.ts';

export function labCommand(): Command {
  const lab = new Command('lab').description(
    'set up real kernels under QEMU, list them, and open a console on one',
  );
  lab
    .command('setup')
    .description('download kernels, build their initramfs and boot each once')
    .argument('[kernel...]', 'debian:6.1, debian:6.12 or the path of a ppc64le vmlinux', [
      'debian:6.1',
      'debian:6.12',
    ])
    .option('--install', 'install QEMU with apt if it is absent (Debian, as root)')
    .addOption(sharedOption('modules'))
    .action(setup);
  lab
    .command('kernels')
    .description('list the installed kernels')
    .addOption(sharedOption('json'))
    .action(kernels);
  lab
    .command('doctor')
    .description('check that the programs and files that the lab needs are installed')
    .addOption(sharedOption('json'))
    .addHelpText(
      'after',
      '\nExit status:\n  0  nothing is missing\n  2  bad usage\n  3  something is missing',
    )
    .action(doctor);
  lab
    .command('clean')
    .description('stop QEMU processes of earlier runs, remove their files and empty the cache')
    .action(clean);
  const shellCommand = lab
    .command('shell')
    .description("boot a kernel and open a console on it; Transplant's firmware answers its RTAS calls");
  addScenarioArgument(shellCommand)
    .addOption(sharedOption('kernel').default('debian:6.1'))
    .option('--policy <name>', 'how the kernel handles deletes and adds: ignore, detach or reconcile');
  addOptions(shellCommand, 'cpus', 'trace')
    .addHelpText('after', '\nTo migrate, type in the guest: echo 0x1234 > /sys/kernel/mobility/migration')
    .action(shell);
  return lab;
}

async function setup(names: readonly string[], options: { install?: true; modules?: string }): Promise<void> {
  const { bootLinux, cleanLeftovers, describeLeftover, ensureKernel, findQemu, installQemu } = await import(
    '../lab/index.ts'
  );
  const { createFirmware } = await import('../firmware/index.ts');
  const signal = interruptSignal();
  const log = (text: string) => process.stderr.write(`${text}\n`);
  for (const leftover of await cleanLeftovers()) log(describeLeftover(leftover));
  if (options.install) await installQemu(({ text }) => log(text));
  const qemu = await findQemu();
  log(`QEMU ${qemu.version} at ${qemu.path}`);
  const { before, after } = (await readScenario()).scenario;
  for (const name of names) {
    const modules = options.modules === undefined ? {} : { modules: options.modules };
    const kernel = await ensureKernel(name, { onProgress: ({ text }) => log(text), ...modules });
    const firmware = createFirmware({ trees: [before, after] });
    const partition = await bootLinux({ kernel: name, ...modules, before, firmware, signal, progress: log });
    await partition.close();
    process.stdout.write(`${name}: Linux ${kernel.release} boots\n`);
  }
}

async function kernels({ json }: { json?: true }): Promise<void> {
  const { debianKernels, kernels: list } = await import('../lab/index.ts');
  const there = list();
  if (json) process.stdout.write(`${JSON.stringify(there, null, 2)}\n`);
  else {
    const lines = there.map((kernel) => `${kernel.name}  Linux ${kernel.release}  ${kernel.origin}`);
    const absent = Object.keys(debianKernels).filter((name) => !there.some((kernel) => kernel.name === name));
    const more =
      absent.length === 0
        ? []
        : [`not installed: ${absent.join(', ')} (install with: transplant lab setup NAME)`];
    process.stdout.write(`${[...lines, ...more].join('\n')}\n`);
  }
}

async function doctor({ json }: { json?: true }): Promise<void> {
  const { doctor: examine } = await import('../lab/index.ts');
  const checks = await examine();
  if (json) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
  else {
    const { checksToText } = await import('../report/text/index.ts');
    process.stdout.write(checksToText(checks, await painter()));
  }
  if (checks.some((check) => check.state === 'missing')) process.exitCode = exit.environment;
}

async function clean(): Promise<void> {
  const { clean: empty, describeLeftover } = await import('../lab/index.ts');
  const { leftovers, bytes } = await empty();
  for (const leftover of leftovers) process.stdout.write(`${describeLeftover(leftover)}\n`);
  process.stdout.write(`${(bytes / 1e6).toFixed(0)} MB freed\n`);
}

interface ShellOptions {
  readonly kernel: string;
  readonly policy?: string;
  readonly cpus?: number;
  readonly trace?: string;
}

async function shell(name: string | undefined, { kernel, trace, ...overrides }: ShellOptions): Promise<void> {
  const { createFirmware, reconcile } = await import('../firmware/index.ts');
  const { findScenario, overrideScenario } = await import('../migration/index.ts');
  const { bootLinux, useConsole } = await import('../lab/index.ts');
  const { readInput, traceToFile } = await import('../field/index.ts');
  const { describeCall } = await import('../papr/index.ts');
  const found = await findScenario(name, undefined, async (path) => (await readInput(path)).tree);
  const scenario = overrideScenario(found, overrides);
  const served = createFirmware({ trees: [scenario.before, scenario.after], style: scenario.firmware });
  const firmware = scenario.policy === 'reconcile' ? reconcile(served, scenario.before) : served;
  const toFile = trace === undefined ? undefined : traceToFile(trace);
  const policy = scenario.policy === 'ignore' || scenario.policy === 'detach' ? scenario.policy : undefined;
  const partition = await bootLinux({
    kernel,
    before: scenario.before,
    firmware,
    cpus: scenario.cpus,
    ...(policy && { policy }),
    progress,
    signal: interruptSignal(),
    trace: (entry) => {
      toFile?.(entry);
      process.stderr.write(`\r\x1b[2m${describeCall(entry)}\x1b[0m\r\n`);
    },
  });
  try {
    process.stderr.write(
      'Ctrl-] ends the console; echo 0x1234 > /sys/kernel/mobility/migration starts a migration\n',
    );
    process.stdin.setRawMode?.(true);
    await useConsole(partition, process.stdin, process.stdout);
  } finally {
    process.stdin.setRawMode?.(false);
    await partition.close();
  }
}
