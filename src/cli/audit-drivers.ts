import { Command } from 'commander';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { interruptSignal, painter, progress } from './terminal.ts';

interface Options {
  readonly release?: string;
  readonly kernel?: string;
  readonly json?: true;
  readonly junit?: string;
}

export function auditDriversCommand(): Command {
  return new Command('audit-drivers')
    .description('change each property of each device and see whether its driver takes the new value')
    .argument('[scenario]', 'scenario file, folder that holds one, or name of an example')
    .option('--release <linux>', 'release of the modelled kernel')
    .option('--kernel <name>', 'a real kernel: debian:6.1, debian:6.12, or the path of a ppc64le vmlinux')
    .option('--json', 'as JSON')
    .option('--junit <file>', 'write it as JUnit XML: a case for each property, a failure for each kept old')
    .addHelpText(
      'after',
      '\nExit status: 0 every driver takes what it reads, 1 one keeps an old value, 2 bad\nusage or input, 3 environment.',
    )
    .action(auditDriversAction);
}

async function auditDriversAction(
  name: string | undefined,
  { kernel, json, junit, ...overrides }: Options,
): Promise<void> {
  const { auditDrivers, overrideScenario } = await import('../migration/index.ts');
  const { driverAuditToJunit, driverAuditToText } = await import('../report/index.ts');
  const input = await readScenario(name);
  const scenario = overrideScenario(input.scenario, overrides);
  const boot =
    kernel === undefined
      ? undefined
      : (await import('../migration/boot-linux.ts')).bootLinuxWith({
          kernel,
          progress,
          signal: interruptSignal(),
        });
  const audits = await auditDrivers(
    scenario,
    boot,
    (device, property) => kernel && progress(`${device}: ${property}`),
  );
  await writeOptionalFile(junit, () => driverAuditToJunit(scenario.name, audits));
  if (json) process.stdout.write(`${JSON.stringify(audits, null, 2)}\n`);
  else {
    const paint = await painter();
    process.stdout.write(driverAuditToText(audits, paint));
  }
  process.exitCode = exitStatus(
    audits.every((audit) => audit.onUpdate !== 'kept old'),
    input.gaps,
  );
}
