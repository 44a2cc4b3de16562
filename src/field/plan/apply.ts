import { joinPath, sameBytes } from '../../devicetree/index.ts';
import type { Plan, PlanStep } from './plan.ts';

/** The running device tree, with root's access. */
export interface LiveTree {
  /** A property's value by path, such as `/cpus/ibm,drc-names`; undefined when it does not exist. */
  read(property: string): Uint8Array | undefined;
  /**
   * One write(2) to `/proc/ppc64/ofdt`.
   * @throws the error of the system call
   */
  write(command: Uint8Array): void;
}

/** Records which steps of an apply are done; survives a loss of power. */
export interface Progress {
  /** Indexes of the steps that are done. */
  readonly done: ReadonlySet<number>;
  begun(step: number): void;
  finished(step: number): void;
}

export interface Applied {
  readonly outcome: 'applied' | 'stopped';
  /** What happened at each step, in order; the last line says why it stopped. */
  readonly log: readonly string[];
}

/**
 * Applies a plan step by step: checks that the property has its old value, writes, reads back. It stops at the first
 * unexpected value or error. A step that is recorded as done is only checked. A step that was begun and took effect
 * counts as done.
 * @param print receives each line of the log as it is made
 */
export function applyPlan(
  { steps }: Plan,
  live: LiveTree,
  progress: Progress,
  print: (line: string) => void,
): Applied {
  const log: string[] = [];
  const report = (step: PlanStep, index: number, text: string) => {
    const line = `${index + 1}/${steps.length} ${step.path}:${step.name}: ${text}`;
    log.push(line);
    print(line);
  };
  for (const [index, step] of steps.entries()) {
    const problem = attempt(step, live, progress, index, (text) => report(step, index, text));
    if (problem === undefined) continue;
    report(step, index, `${problem}; stopped`);
    return { outcome: 'stopped', log };
  }
  return { outcome: 'applied', log };
}

/** @returns why the apply must stop; undefined when the step is done */
function attempt(
  step: PlanStep,
  live: LiveTree,
  progress: Progress,
  index: number,
  report: (text: string) => void,
): string | undefined {
  const property = joinPath(step.path, step.name);
  const is = (value: Uint8Array | undefined) => same(live.read(property), value);
  if (is(step.to)) {
    progress.finished(index);
    report('already has the wanted value');
    return undefined;
  }
  if (progress.done.has(index)) return 'was written earlier and has changed since';
  if (!is(step.from)) return 'has neither its old nor its wanted value';
  progress.begun(index);
  try {
    live.write(step.write);
  } catch (error) {
    return `the kernel refused the command (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
  if (!is(step.to)) return 'written, but reads back differently';
  progress.finished(index);
  report('done');
  return undefined;
}

function same(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one && other ? sameBytes(one, other) : one === other;
}
