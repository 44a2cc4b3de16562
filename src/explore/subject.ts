import { pickedWays, recordingChooser } from '../choice/index.ts';
import { type Boot, migrate, play, type Scenario } from '../migration/index.ts';
import type { Observation } from '../partition/index.ts';
import type { Subject } from './fuzz.ts';
import { generateScenario, type Settled } from './generate/scenario.ts';
import { Looking } from './sights.ts';

/** One scenario on the model. */
export function modelSubject(scenario: Scenario, allowed: readonly string[]): Subject {
  return (chooser) => {
    const looking = new Looking();
    const played = play(scenario, { chooser, listener: looking, allowed });
    return { verdict: played.verdict, sights: looking.end(played) };
  };
}

/** Scenarios that the first choices make, on the model. */
export function generatedSubject(settled: Settled, allowed: readonly string[]): Subject {
  return (chooser) => modelSubject(generateScenario(chooser, settled), allowed)(chooser);
}

/** Scenarios that the first choices make, on a real kernel. The model goes first: it says what firmware is going to choose. */
export function realSubject(settled: Settled, allowed: readonly string[], boot: Boot): Subject {
  return async (chooser) => {
    const looking = new Looking();
    const scenario = generateScenario(chooser, settled);
    const ofRun = recordingChooser(chooser);
    looking.end(play(scenario, { chooser: ofRun, listener: looking, allowed }));
    const { verdict, after } = await migrate(
      { ...scenario, choices: pickedWays(ofRun.choices) },
      boot,
      allowed,
    );
    for (const { rule } of verdict.findings) looking.seen.add(`rule ${rule} on the real kernel`);
    for (const shape of shapesOf(after)) looking.seen.add(shape);
    return { verdict, sights: looking.seen };
  };
}

/** What a sight of a kernel's log begins with. */
export const logShape = 'log: ';

/**
 * The lines of a log without what is different in every run, each once; and in what states devices ended. A line of a
 * shape that was never seen comes from code of the kernel that was never reached.
 */
export function shapesOf({ log, devices }: Pick<Observation, 'log' | 'devices'>): ReadonlySet<string> {
  const shapes = new Set<string>();
  for (const { text } of log) shapes.add(logShape + shapeOf(text));
  for (const { driver, ofNode } of devices)
    shapes.add(`device ${driver === null ? 'without driver' : `of ${driver}`}, of_node ${ofNode.state}`);
  return shapes;
}

function shapeOf(text: string): string {
  return text
    .replace(/\/[\w,.@#+/-]+/g, '/…')
    .replace(/\b[\w,]+(-[\w,]+)*@[0-9a-f]+(#\d+)?/g, 'NODE')
    .replace(/\b(0x)?[0-9a-f]*\d[0-9a-f]*\b/gi, 'N')
    .slice(0, 160);
}
