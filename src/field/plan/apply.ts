import { joinPath, sameBytes } from '../../devicetree/index.ts';
import type { Plan, PlanStep } from './plan.ts';

/** The running tree, as root sees it. */
export interface LiveTree {
  /** A property's value by path, such as `/cpus/ibm,drc-names`; undefined when it is not there. */
  read(property: string): Uint8Array | undefined;
  /**
   * One write(2) to `/proc/ppc64/ofdt`.
   * @throws what the kernel answers
   */
  write(command: Uint8Array): void;
}

/** Remembers how far an apply has come, through a loss of power. */
export interface Progress {
  /** Steps, by index, that were done before. */
  readonly done: ReadonlySet<number>;
  begun(step: number): void;
  finished(step: number): void;
}

export interface Applied {
  readonly outcome: 'applied' | 'stopped';
  /** What happened at each step that was come to, in order; the last is the surprise where it stopped. */
  readonly log: readonly string[];
}

/**
 * Carries a plan out step by step: looks that the property is as the plan says, writes, reads back. It stops at the
 * first surprise, and then nothing more is done. Steps that were done before are looked at only; one that was begun and
 * did take effect counts as done.
 */
export function applyPlan(
  { steps }: Plan,
  live: LiveTree,
  progress: Progress,
  say: (line: string) => void,
): Applied {
  const log: string[] = [];
  const tell = (step: PlanStep, index: number, text: string) => {
    const line = `${index + 1}/${steps.length} ${step.path}:${step.name}: ${text}`;
    log.push(line);
    say(line);
  };
  for (const [index, step] of steps.entries()) {
    const problem = attempt(step, live, progress, index, (text) => tell(step, index, text));
    if (problem === undefined) continue;
    tell(step, index, `${problem}; nothing more is done`);
    return { outcome: 'stopped', log };
  }
  return { outcome: 'applied', log };
}

/** @returns the surprise, if there is one */
function attempt(
  step: PlanStep,
  live: LiveTree,
  progress: Progress,
  index: number,
  tell: (text: string) => void,
): string | undefined {
  const property = joinPath(step.path, step.name);
  const is = (value: Uint8Array | undefined) => same(live.read(property), value);
  if (is(step.to)) {
    progress.finished(index);
    tell('has its value already');
    return undefined;
  }
  if (progress.done.has(index)) return 'was written before and has changed since';
  if (!is(step.from)) return 'neither as it was nor as it should be';
  progress.begun(index);
  try {
    live.write(step.write);
  } catch (error) {
    return `the kernel refused the command (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
  if (!is(step.to)) return 'written, but it does not read back';
  progress.finished(index);
  tell('done');
  return undefined;
}

function same(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one && other ? sameBytes(one, other) : one === other;
}
