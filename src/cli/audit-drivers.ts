import { Command } from 'commander';
import { exitStatus, readScenario } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { addExitStatuses, addOptions, addScenarioArgument } from './options.ts';
import { interruptSignal, painter, progress } from './terminal.ts';

interface Options {
  readonly release?: string;
  readonly kernel?: string;
  readonly json?: true;
  readonly junit?: string;
}

export function auditDriversCommand(): Command {
  const command = new Command('audit-drivers').description(
    'change each property of each device, one at a time, and report which drivers keep the old value',
  );
  addScenarioArgument(command);
  return addExitStatuses(
    addOptions(command, 'release', 'kernel', 'json', 'junit'),
    { 0: 'no driver keeps an old value', 1: 'a driver keeps an old value', 3: true },
    'The JUnit file has one case for each property. A case fails if the driver keeps\nthe old value.',
  ).action(auditDriversAction);
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
