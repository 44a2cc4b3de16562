import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import {
  type ParseOptions,
  parseDts,
  printDts,
  readDtb,
  sameTree,
  writeDtb,
} from '../../../src/devicetree/index.ts';
import { FUZZ_COUNT, mutants } from '../../support/mutate.ts';
import { SEED } from '../../support/trees.ts';
import { sources } from './sources.ts';
import { writableTrees } from './writable.ts';

const EVERYTHING = `/dts-v1/;
l: /memreserve/ 0x10 (1 << 40);
# 7 "other.dts" 1
/ {
	a = "b", <1 &c (2 * (3 + 'd') ? ~4 : !5)>, [06 ab e: cd], &{/f@1/g}, /bits/ 16 <7>; // x
	h: i = /incbin/("file", 1, 2), /incbin/("file");
	f@1 { c: g { phandle = <9>; j = <&{/}>; }; /omit-if-no-ref/ k: m { }; };
	/include/ "more"
	cpus { cpu@3 { reg = <3>; name = "cpu"; }; };
};
n: &c { o = "\\x41\\101\\n"; /* y */ };
/ { /delete-property/ a; f@1 { /delete-node/ m; }; };
/delete-node/ &{/cpus}; /omit-if-no-ref/ &c;
`;

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

const originals = [
  bytes(EVERYTHING),
  new Uint8Array(readFileSync(join(import.meta.dirname, '../../../examples/platform-facilities/before.dts'))),
  ...fc.sample(sources, { seed: SEED, numRuns: 30 }).map(bytes),
  ...fc.sample(writableTrees(), { seed: SEED, numRuns: 10 }).map((tree) => bytes(printDts(tree))),
];

const options: ParseOptions = {
  file: 'fuzz.dts',
  include: (path, from) => (from === 'fuzz.dts' ? { path, text: 'p { };' } : undefined),
  incbin: (path) => ({ path, bytes: Uint8Array.of(1, 2, 3, 4, 5) }),
};

test(`${FUZZ_COUNT} mutated sources: a tree that can be written, or rejected with the place`, {
  timeout: 600_000,
}, () => {
  let read = 0;
  for (const { bytes: source, history } of mutants(originals, FUZZ_COUNT, SEED)) {
    try {
      const tree = parseDts(source, options);
      read += 1;
      expect(
        sameTree(readDtb(writeDtb(tree)), { ...tree, reservations: readDtb(writeDtb(tree)).reservations }),
        history,
      ).toBe(true);
      const again = parseDts(printDts(tree), { bootCpu: tree.bootCpu });
      expect(sameTree(again, tree), history).toBe(true);
    } catch (error) {
      if (!(error instanceof InputError)) throw new Error(history, { cause: error });
      const { file, line, column, offset } = error.where;
      expect(file, history).toBeDefined();
      expect(line, history).toBeGreaterThanOrEqual(1);
      expect(column, history).toBeGreaterThanOrEqual(1);
      expect(offset, history).toBeLessThanOrEqual(source.length);
      if (error.message === 'neither a blob nor a source') expect(error.excerpt, history).toBeUndefined();
      else expect(error.excerpt, history).toMatch(/^.*\n *\^$/);
    }
  }
  // Both ways must be walked, or the mutations are too coarse or too fine.
  expect(read).toBeGreaterThan(FUZZ_COUNT / 50);
  expect(read).toBeLessThan(FUZZ_COUNT * 0.9);
});
