import { RunCache } from '../base/index.ts';
import { pickedWays, recordingChooser } from '../choice/index.ts';
import { type Boot, migrate, play, type Scenario } from '../migration/index.ts';
import type { Observation } from '../partition/index.ts';
import { CoverageCollector } from './coverage.ts';
import type { FuzzTarget } from './fuzz.ts';
import { type GeneratorOptions, generateScenario } from './generate/scenario.ts';

/** Runs one scenario on the model. */
export function modelTarget(
  scenario: Scenario,
  allowed: readonly string[],
  cache = new RunCache(),
): FuzzTarget {
  return (chooser) => {
    const collector = new CoverageCollector(cache);
    const played = play(scenario, { chooser, listener: collector, allowed, cache });
    return { verdict: played.verdict, coverage: collector.finish(played) };
  };
}

/** Runs the scenario that the first choices generate, on the model. */
export function generatedTarget(options: GeneratorOptions, allowed: readonly string[]): FuzzTarget {
  const cache = new RunCache();
  return (chooser) => modelTarget(generateScenario(chooser, options, cache), allowed, cache)(chooser);
}

/**
 * Runs the scenario that the first choices generate, on a real kernel. The model runs first: its run determines the choices
 * of the firmware.
 */
export function realTarget(options: GeneratorOptions, allowed: readonly string[], boot: Boot): FuzzTarget {
  const cache = new RunCache();
  return async (chooser) => {
    const collector = new CoverageCollector(cache);
    const scenario = generateScenario(chooser, options, cache);
    const ofRun = recordingChooser(chooser);
    collector.finish(play(scenario, { chooser: ofRun, listener: collector, allowed, cache }));
    const { verdict, after } = await migrate(
      { ...scenario, choices: pickedWays(ofRun.choices) },
      boot,
      allowed,
    );
    for (const { rule } of verdict.findings) collector.seen.add(`rule ${rule} on the real kernel`);
    for (const shape of shapesOf(after)) collector.seen.add(shape);
    return { verdict, coverage: collector.seen };
  };
}

/** Prefix of coverage entries that come from a kernel's log. */
export const LOG_SHAPE_PREFIX = 'log: ';

/**
 * The lines of a log without what is different in every run, each once; and in what states devices ended. A line of a
 * shape that was never seen comes from code of the kernel that was never reached.
 */
export function shapesOf({ log, devices }: Pick<Observation, 'log' | 'devices'>): ReadonlySet<string> {
  const shapes = new Set<string>();
  for (const { text } of log) shapes.add(LOG_SHAPE_PREFIX + shapeOf(text));
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
