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
  const random = saying('mobility: random', before, model);
  const emptied: Run = { ...random, after: { ...random.after, tree: random.before.tree, devices: [] } };
  expect(disagreements(emptied, model)).toEqual([]);
  expect(disagreements(saying('mobility: other', before - 1, model), model)).toMatchObject([
    { about: 'log', real: 'mobility: other' },
  ]);
});

/** The run with a line that comes before all others of a migration, or after them. */
function withLine(text: string, where: 'before' | 'first' | 'last', { before, after, ...rest }: Run): Run {
  const line = { seconds: 0, level: 6, text };
  const start = before.log.length;
  if (where !== 'before') {
    const at = where === 'first' ? start : after.log.length;
    return { ...rest, before, after: { ...after, log: after.log.toSpliced(at, 0, line) } };
  }
  return {
    ...rest,
    before: { ...before, log: [...before.log, line] },
    after: { ...after, log: after.log.toSpliced(start, 0, line) },
  };
}

test.each([
  ['a line of a driver that both kinds of kernel print', 'nx842: registered', true],
  ['a line that only a real kernel prints', 'random: crng reseeded on system resumption', false],
  [
    'a premature return from H_JOIN, which depends on QEMU',
    'mobility: premature return from H_JOIN on CPU 1',
    false,
  ],
] as const)('%s: %s', async (_, text, counts) => {
  const model = await run();
  for (const where of ['first', 'last'] as const)
    expect(disagreements(withLine(text, where, model), model)).toHaveLength(counts ? 1 : 0);
});

test('lines from before the migration are not compared', async () => {
  const model = await run();
  const real = withLine('mobility: of an earlier migration', 'before', model);
  expect(disagreements(real, model)).toEqual([]);
  expect(disagreements(model, real)).toEqual([]);
});

test('a known difference in a line from before the migration ends no comparison', async () => {
  const overread = 'BUG: KASAN: slab-out-of-bounds in update_dt_node';
  const model = await run();
  expect(incomparableFrom(withLine(overread, 'before', model))).toBeUndefined();
  const { line, reason } = incomparableFrom(withLine(overread, 'first', model)) ?? {};
  expect(line).toBe(model.before.log.length);
  expect(reason).toContain('past the end of its work area');
});

test('the first known difference counts', async () => {
  const overread = 'BUG: KASAN: slab-out-of-bounds in update_dt_node';
  const model = await run();
  const twice = withLine(overread, 'last', withLine(overread, 'first', model));
  expect(incomparableFrom(twice)?.line).toBe(model.before.log.length);
});
