import { expect, test } from 'vitest';
import {
  addFuzzResults,
  emptyFuzzState,
  type FuzzResult,
  type FuzzState,
  fuzz,
} from '../../src/explore/fuzz.ts';
import { generatedTarget } from '../../src/explore/fuzz-target.ts';

const subject = generatedTarget({ release: '6.12' }, []);
const plain = ({ runs, kept, failures, coverage }: FuzzResult) => ({
  runs,
  kept,
  failures: [...failures].sort((one, other) => (one.rule < other.rule ? -1 : 1)),
  coverage: new Map(coverage),
});

test('runs in several calls, each with the state of the one before, are those of one', async () => {
  const { result: whole } = await fuzz(subject, { runs: 120, seed: 7 });
  const parts: FuzzResult[] = [];
  let state: FuzzState = emptyFuzzState;
  for (let from = 0; from < 120; from += 40) {
    const part = await fuzz(subject, { runs: 40, seed: 7 + from, state });
    parts.push(part.result);
    // As it goes from one machine to another.
    state = JSON.parse(JSON.stringify(part.state)) as FuzzState;
  }
  expect(plain(addFuzzResults(parts))).toEqual(plain(whole));
  expect(state.corpus).toHaveLength(whole.kept);
});

test('what was seen before is not new, and what was kept is varied', async () => {
  const { state, result } = await fuzz(subject, { runs: 60, seed: 1 });
  expect(result.kept).toBeGreaterThan(5);
  const again = await fuzz(subject, { runs: 60, seed: 1, state: { coverage: state.coverage, corpus: [] } });
  expect(again.result.kept).toBeLessThan(result.kept / 2);
  const varied = await fuzz(subject, { runs: 60, seed: 1, state });
  expect(varied.result.failures).not.toEqual(again.result.failures);
});
