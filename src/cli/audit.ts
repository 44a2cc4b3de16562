import { Command } from 'commander';
import type { Capture } from '../field/index.ts';
import type { Audit } from '../verdict/index.ts';
import { exit } from './exit.ts';
import { exitStatus } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { addExitStatuses, addOptions, checkAllowed, checkOneStdin } from './options.ts';
import { painter } from './terminal.ts';

interface Options {
  readonly before?: string;
  readonly wanted?: string;
  readonly allow?: readonly string[];
  readonly summary?: true;
  readonly json?: true;
  readonly junit?: string;
  readonly report?: string;
}

export function auditCommand(): Command {
  const command = new Command('audit')
    .description('check captures, support archives or logs of partitions for damage by a migration')
    .argument(
      '<capture...>',
      'capture, sosreport, supportconfig or snap, packed or unpacked; device tree; kernel log; or - for standard input; several captures give a table',
    )
    .option('--before <capture>', 'capture of the same partition before its migration')
    .option('--wanted <tree>', 'the tree as it should be, such as that of a partition booted on this server')
    .option('--summary', 'print at most 20 lines: what happened, whether it is damaged, and what to do');
  return addExitStatuses(addOptions(command, 'allow', 'json', 'junit', 'report'), {
    0: 'safe',
    1: 'damaged or stale',
    2: '--before or --wanted is incomplete',
    4: 'inconclusive: the last line says what is missing',
  }).action(auditAction);
}

async function auditAction(paths: readonly string[], options: Options): Promise<void> {
  const allow = await checkAllowed(options.allow);
  await checkOneStdin(...paths, options.before, options.wanted);
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0) await auditSeveral(paths, allow, options);
  else await auditOne(path, allow, options);
}

async function auditOne(path: string, allow: readonly string[], options: Options): Promise<void> {
  const { audit, readCapture } = await import('../field/index.ts');
  const { auditPage, auditToJson, auditToText, pageToHtml, summaryToText } = await import(
    '../report/index.ts'
  );
  const capture = await readCapture(path);
  const before = options.before === undefined ? undefined : await readCapture(options.before);
  const wanted = options.wanted === undefined ? undefined : await readCapture(options.wanted);
  const result = audit(capture, {
    allow,
    ...(before && { before }),
    ...(wanted && { wanted }),
  });
  await writeOptionalFile(options.report, () => {
    const leftOut = [...capture.leftOut, ...(before?.leftOut ?? [])];
    const compared = { before: before?.observation, wanted: wanted?.observation.tree, leftOut };
    return pageToHtml(auditPage({ ...result, ...compared }));
  });
  await reportToCi([result], options);
  if (options.json) process.stdout.write(`${JSON.stringify(auditToJson(result), null, 2)}\n`);
  else {
    const toText = options.summary ? summaryToText : auditToText;
    process.stdout.write(toText(result, { paint: await painter() }));
  }
  process.exitCode = statusOf(result, [capture, before, wanted]);
}

/** One row for each; a capture that cannot be read does not end the others. */
async function auditSeveral(
  paths: readonly string[],
  allow: readonly string[],
  options: Options,
): Promise<void> {
  const { InputError } = await import('../base/index.ts');
  const { audit, readCapture } = await import('../field/index.ts');
  const { auditsToTable, auditToJson, summaryToText } = await import('../report/index.ts');
  for (const option of ['before', 'wanted', 'report'] as const)
    if (options[option] !== undefined)
      throw new InputError(
        `--${option} works with one capture only`,
        {},
        { hint: 'audit the captures one at a time, or remove the option' },
      );
  const results: (Audit | { name: string; error: string })[] = [];
  let status: number = exit.safe;
  for (const path of paths) {
    try {
      const capture = await readCapture(path);
      const result = audit(capture, { allow });
      results.push(result);
      status = worse(status, statusOf(result, [capture]));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      results.push({ name: path, error: error.message });
      status = worse(status, exit.usage);
    }
  }
  await reportToCi(
    results.filter((result) => 'verdict' in result),
    options,
  );
  if (options.json) {
    const all = results.map((result) => ('error' in result ? result : auditToJson(result)));
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  } else {
    const paint = await painter();
    const summaries = results.map((result) =>
      'error' in result ? `${result.name}: ${result.error}\n` : summaryToText(result, { paint }),
    );
    process.stdout.write(options.summary ? summaries.join('\n') : auditsToTable(results, { paint }));
  }
  process.exitCode = status;
}

async function reportToCi(results: readonly Audit[], options: Options): Promise<void> {
  const { annotations, verdictsToJunit } = await import('../report/index.ts');
  await writeOptionalFile(options.junit, () => verdictsToJunit(results));
  for (const { name, verdict } of results)
    for (const line of annotations(name, verdict, process.env)) process.stderr.write(`${line}\n`);
}

function statusOf({ verdict }: Audit, read: readonly (Capture | undefined)[]): number {
  if (verdict.outcome === 'inconclusive') return exit.inconclusive;
  const gaps = read.some((one) => one !== undefined && one.observation.unread.length > 0);
  return exitStatus(verdict.outcome === 'safe', gaps);
}

/** Damage counts more than what could not be read. */
function worse(one: number, other: number): number {
  return (
    [exit.unsafe, exit.usage, exit.inconclusive, exit.safe].find(
      (status) => status === one || status === other,
    ) ?? one
  );
}
