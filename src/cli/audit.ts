import { Command } from 'commander';
import { exitStatus } from './inputs.ts';
import { writeOptionalFile } from './optional-file.ts';
import { checkAllowed, checkOneStdin, collect } from './options.ts';
import { painter } from './terminal.ts';

interface Options {
  readonly before?: string;
  readonly wanted?: string;
  readonly allow?: readonly string[];
  readonly json?: true;
  readonly junit?: string;
  readonly report?: string;
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('tell what is wrong with a partition, why it matters and what to do, from a capture of it')
    .argument('<capture>', 'capture or sosreport; of a tree alone less can be said; - for standard input')
    .option('--before <capture>', 'a capture of the same partition before it migrated')
    .option('--wanted <tree>', 'the tree as it should be: of a partition that was started on this server')
    .option('--allow <rule>', 'a rule whose findings do not count (may be repeated)', collect)
    .option('--json', 'as JSON')
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--report <file>', 'write a page that shows the machine, one HTML file')
    .addHelpText(
      'after',
      '\nExit status: 0 nothing found, 1 damaged or stale, 2 bad usage or input, or\nnothing found in a capture with gaps.',
    )
    .action(auditAction);
}

async function auditAction(path: string, options: Options): Promise<void> {
  const { audit, readCapture } = await import('../field/index.ts');
  const { annotations, auditPage, auditToJson, auditToText, pageToHtml, verdictsToJunit } = await import(
    '../report/index.ts'
  );
  const allow = await checkAllowed(options.allow);
  await checkOneStdin(path, options.before, options.wanted);
  const capture = await readCapture(path);
  const before = options.before === undefined ? undefined : await readCapture(options.before);
  const wanted = options.wanted === undefined ? undefined : await readCapture(options.wanted);
  const result = audit(capture, {
    allow,
    ...(before && { before }),
    ...(wanted && { wanted }),
  });
  await writeOptionalFile(options.junit, () => verdictsToJunit([result]));
  await writeOptionalFile(options.report, () => {
    const leftOut = [...capture.leftOut, ...(before?.leftOut ?? [])];
    const compared = { before: before?.observation, wanted: wanted?.observation.tree, leftOut };
    return pageToHtml(auditPage({ ...result, ...compared }));
  });
  for (const line of annotations(result.name, result.verdict, process.env)) process.stderr.write(`${line}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(auditToJson(result), null, 2)}\n`);
  else {
    const paint = await painter();
    process.stdout.write(auditToText(result, { paint }));
  }
  const gaps = [capture, before, wanted].some((one) => one && one.observation.unread.length > 0);
  process.exitCode = exitStatus(result.verdict.outcome === 'safe', gaps);
}
