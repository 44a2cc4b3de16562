import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { InputError } from '../../base/index.ts';
import type { Progress } from './apply.ts';
import type { Plan } from './plan.ts';
import { planFromJson, planToJson } from './plan-json.ts';

/**
 * A file that records the progress of an apply: the plan in its first line, then one line for each step that begins and
 * for each that is finished. Every line is synced to disk before the apply continues.
 */
export interface Journal extends Progress {
  readonly plan: Plan;
  close(): void;
}

/**
 * Creates a journal.
 * @throws InputError when the file is the journal of an apply that is not finished
 */
export async function beginJournal(path: string, plan: Plan): Promise<Journal> {
  if (existsSync(path) && !isFinished(await read(path))) {
    const hint = '--resume continues it; remove the file to start again';
    throw new InputError('the journal of an interrupted apply', { file: path }, { hint });
  }
  return open(path, plan, new Set(), true);
}

/** @throws InputError when the file does not exist or is damaged */
export async function resumeJournal(path: string): Promise<Journal> {
  const { plan, done } = await read(path);
  return open(path, plan, done, false);
}

interface Recorded {
  readonly plan: Plan;
  readonly done: ReadonlySet<number>;
}

function isFinished({ plan, done }: Recorded): boolean {
  return plan.steps.every((_, index) => done.has(index));
}

async function read(path: string): Promise<Recorded> {
  let lines: string[];
  try {
    lines = readFileSync(path, 'utf8').split('\n');
  } catch (error) {
    throw new InputError(`cannot read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      file: path,
    });
  }
  const done = new Set<number>();
  for (const line of lines.slice(1)) {
    // A line that a loss of power cut short does not match: that step was not finished.
    const step = /^finished (\d+)$/.exec(line)?.[1];
    if (step !== undefined) done.add(Number(step));
  }
  return { plan: await planFromJson(parse(lines[0] ?? '', path), path), done };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('not a journal of transplant plan --apply', { file, line: 1 });
  }
}

function open(path: string, plan: Plan, done: ReadonlySet<number>, create: boolean): Journal {
  let file: number;
  try {
    file = openSync(path, create ? 'w' : 'a', 0o600);
  } catch (error) {
    throw new InputError(`cannot write: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      file: path,
    });
  }
  const add = (line: string) => {
    writeSync(file, `${line}\n`);
    fsyncSync(file);
  };
  if (create) add(JSON.stringify(planToJson(plan)));
  return {
    plan,
    done,
    begun: (step) => add(`begun ${step}`),
    finished: (step) => add(`finished ${step}`),
    close: () => closeSync(file),
  };
}
