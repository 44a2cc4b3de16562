import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { dtc, testWithDtc } from '../../support/dtc.ts';
import { SEED } from '../../support/trees.ts';
import { compile, FROM_SOURCE, hex, ORACLE_COUNT } from './compile.ts';
import { sources } from './sources.ts';

/** What a compiler makes of a source, undefined if it refuses it. */
function result(compiler: () => Uint8Array): string | undefined {
  try {
    return hex(compiler());
  } catch (error) {
    if (error instanceof InputError || /^dtc .*(?:Error|ERROR)/.test(String((error as Error).message)))
      return undefined;
    throw error;
  }
}

testWithDtc(`${ORACLE_COUNT} generated sources: dtc's bytes, or refused as dtc refuses them`, () => {
  let accepted = 0;
  fc.assert(
    fc.property(sources, (source) => {
      const ours = result(() => compile(source));
      if (ours !== undefined) accepted += 1;
      expect(ours).toBe(result(() => dtc(source, ...FROM_SOURCE)));
    }),
    { seed: SEED, numRuns: ORACLE_COUNT },
  );
  // Both must happen, or the sources are too tame or too wild.
  expect(accepted).toBeGreaterThan(ORACLE_COUNT / 4);
  expect(accepted).toBeLessThan(ORACLE_COUNT);
});

const EXAMPLES = join(import.meta.dirname, '../../../examples');

for (const path of readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!/\.dts$/.test(path)) continue;
  testWithDtc(`examples/${path}: dtc's bytes`, () => {
    const source = readFileSync(join(EXAMPLES, path));
    const include = (name: string) => {
      const text = readFileSync(join(EXAMPLES, dirname(path), name));
      return { path: name, text: new Uint8Array(text) };
    };
    const theirs = dtc(source, ...FROM_SOURCE, '-i', join(EXAMPLES, dirname(path)));
    expect(hex(compile(new Uint8Array(source), { include }))).toBe(hex(theirs));
  });
}
