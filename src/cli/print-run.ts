import type { Run } from '../verdict/index.ts';
import { writeOptionalFile } from './optional-file.ts';
import { painter } from './terminal.ts';

/** Where and how a run is printed. */
export interface RunOutput {
  readonly ledger?: true;
  readonly json?: true;
  readonly junit?: string;
  readonly report?: string;
}

/** Writes the files that the options name, then prints the run on standard output. */
export async function printRun(run: Run, { json, junit, ledger, report }: RunOutput): Promise<void> {
  const { annotations, pageToHtml, runsPage, runToJson, runToText, verdictsToJunit } = await import(
    '../report/index.ts'
  );
  await writeOptionalFile(junit, () => verdictsToJunit([run]));
  await writeOptionalFile(report, () => pageToHtml(runsPage([run])));
  for (const line of annotations(run.name, run.verdict, process.env)) process.stderr.write(`${line}\n`);
  if (json) process.stdout.write(`${JSON.stringify(runToJson(run), null, 2)}\n`);
  else {
    const paint = await painter();
    process.stdout.write(runToText(run, { paint, ledger: ledger === true }));
  }
}
