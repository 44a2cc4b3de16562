import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseDts } from '../../src/devicetree/index.ts';
import { parseFault } from '../../src/firmware/index.ts';
import { disagreements, incomparableFrom, migrate, scenarioDefaults } from '../../src/migration/index.ts';
import type { Run } from '../../src/verdict/index.ts';

const folder = resolve(import.meta.dirname, '../../examples/platform-facilities');
const tree = async (name: string) => parseDts(await readFile(resolve(folder, name)), { file: name });

async function run(...faults: readonly string[]): Promise<Run> {
  const [before, after] = [await tree('before.dts'), await tree('after.dts')];
  const scenario = { ...scenarioDefaults, name: 'platform-facilities', description: '', before, after };
  return migrate({ ...scenario, policy: 'detach', faults: faults.map(parseFault) });
}

/** Another run, that said something else from its nth line about the migration on. */
function saying(text: string, from: number, { after, ...rest }: Run): Run {
  let mobility = 0;
  const log = after.log.map((line) => {
    if (!line.text.startsWith('mobility: ') || mobility++ < from) return line;
    return { ...line, text };
  });
  return { ...rest, after: { ...after, log } };
}

const mobility = ({ after: { log } }: Run) => log.filter(({ text }) => text.startsWith('mobility: ')).length;

test('a run agrees with itself, and not with one that says something else in its last line', async () => {
  const model = await run();
  expect(incomparableFrom(model)).toBeUndefined();
  expect(disagreements(model, model)).toEqual([]);
  expect(disagreements(saying('mobility: other', mobility(model) - 1, model), model)).toMatchObject([
    { about: 'log', real: 'mobility: other' },
  ]);
});

test('where the kernel reads past its work area, what it said before must be the same, and only that', async () => {
  const model = await run('extended-delay@ibm,update-properties');
  const { line = 0 } = incomparableFrom(model) ?? {};
  expect(model.after.log[line]?.text).toMatch(/^BUG: KASAN: slab-out-of-bounds/);
  const before = mobility({ ...model, after: { ...model.after, log: model.after.log.slice(0, line) } });
  expect(before).toBeGreaterThan(0);
  const chance = saying('mobility: by chance', before, model);
  const emptied: Run = { ...chance, after: { ...chance.after, tree: chance.before.tree, devices: [] } };
  expect(disagreements(emptied, model)).toEqual([]);
  expect(disagreements(saying('mobility: other', before - 1, model), model)).toMatchObject([
    { about: 'log', real: 'mobility: other' },
  ]);
});
