import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '../base/index.ts';
import type { Tree } from '../devicetree/index.ts';
import { type Scenario, scenarioDefaults } from './scenario.ts';
import { parseScenario } from './scenario-file.ts';

/** The folder of the examples in the package. */
const examples = resolve(import.meta.dirname, '../../examples');
const plainExample = 'platform-facilities';

/**
 * Finds the scenario that the arguments of a command name. No argument: the example `platform-facilities`. One: a scenario file, a
 * folder that contains one, or the name of an example. Two: the trees before and after.
 * @throws InputError when there is none, or it cannot be read
 */
export async function findScenario(
  first: string | undefined,
  second: string | undefined,
  loadTree: (path: string) => Promise<Tree>,
): Promise<Scenario> {
  if (first !== undefined && second !== undefined) {
    const [before, after] = [await loadTree(first), await loadTree(second)];
    const name = `${basename(first, extname(first))} → ${basename(second, extname(second))}`;
    return { ...scenarioDefaults, name, description: '', before, after, faults: [] };
  }
  const file = scenarioFile(first ?? plainExample);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`cannot read: ${error.code ?? error.message}`, { file });
  });
  return parseScenario(text, file, (name) => loadTree(resolve(dirname(file), name)));
}

function scenarioFile(name: string): string {
  for (const path of [name, join(examples, name)]) {
    if (!existsSync(path)) continue;
    const file = statSync(path).isDirectory() ? join(path, 'scenario.yaml') : path;
    if (existsSync(file) && /\.ya?ml$/.test(file)) return file;
    throw new InputError(
      file === path ? 'is no scenario file (.yaml)' : 'holds no scenario.yaml',
      { file: path },
      { hint: 'a tree needs a second one: transplant migrate BEFORE AFTER' },
    );
  }
  const known = readdirSync(examples).filter((entry) => existsSync(join(examples, entry, 'scenario.yaml')));
  throw new InputError('no such scenario', { file: name }, { hint: `examples are ${known.join(', ')}` });
}
