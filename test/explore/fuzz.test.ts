import { expect, test } from 'vitest';
import { addFuzzed, type Fuzzed, fuzz, type Memory, nothingKnown } from '../../src/explore/fuzz.ts';
import { generatedSubject } from '../../src/explore/subject.ts';

const subject = generatedSubject({ release: '6.12' }, []);
const plain = ({ runs, kept, failures, sights }: Fuzzed) => ({
  runs,
  kept,
  failures: [...failures].sort((one, other) => (one.rule < other.rule ? -1 : 1)),
  sights: new Map(sights),
});

test('runs in several calls, each with the memory of the one before, are those of one', async () => {
  const { fuzzed: whole } = await fuzz(subject, { runs: 120, seed: 7 });
  const parts: Fuzzed[] = [];
  let memory: Memory = nothingKnown;
  for (let from = 0; from < 120; from += 40) {
    const part = await fuzz(subject, { runs: 40, seed: 7 + from, memory });
    parts.push(part.fuzzed);
    // As it goes from one machine to another.
    memory = JSON.parse(JSON.stringify(part.memory)) as Memory;
  }
  expect(plain(addFuzzed(parts))).toEqual(plain(whole));
  expect(memory.corpus).toHaveLength(whole.kept);
});

test('what was seen before is not new, and what was kept is varied', async () => {
  const { memory, fuzzed } = await fuzz(subject, { runs: 60, seed: 1 });
  expect(fuzzed.kept).toBeGreaterThan(5);
  const again = await fuzz(subject, { runs: 60, seed: 1, memory: { sights: memory.sights, corpus: [] } });
  expect(again.fuzzed.kept).toBeLessThan(fuzzed.kept / 2);
  const varied = await fuzz(subject, { runs: 60, seed: 1, memory });
  expect(varied.fuzzed.failures).not.toEqual(again.fuzzed.failures);
});
